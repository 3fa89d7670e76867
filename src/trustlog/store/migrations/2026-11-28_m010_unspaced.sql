-- The same index, which now looks at the long class of letters only where a text has any beyond ASCII: that was a
-- tenth of the time that a long import took.

DROP INDEX entries_unspaced;
CREATE INDEX entries_unspaced ON entries(id)
  WHERE note || coalesce(did, '') || coalesce(changed, '') GLOB '*[^ -~]*'
    AND note || coalesce(did, '') || coalesce(changed, '') GLOB '*[฀-໿က-႟ក-៿ぁ-ヿ㄰-㆏㐀-鿿가-힯豈-﫿ｦ-ￜ𠀀-𿿽]*';

-- Entries in scripts that set no blanks between words, which a search by words passes over: Thai and Lao, Burmese,
-- Khmer, Japanese and Chinese, Korean. The index is of these entries alone, so that other journals pay nothing for it.

CREATE INDEX entries_unspaced ON entries(id)
  WHERE note || coalesce(did, '') || coalesce(changed, '') GLOB '*[฀-໿က-႟ក-៿ぁ-ヿ㄰-㆏㐀-鿿가-힯豈-﫿ｦ-ￜ𠀀-𿿽]*';

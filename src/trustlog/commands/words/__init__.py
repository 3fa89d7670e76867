"""From words to values: options, questions, editors and guided conversations, shared by the commands."""

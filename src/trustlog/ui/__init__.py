"""The terminal: questions, the editor, screen and pager, text in columns, the clipboard, the breathing pace."""

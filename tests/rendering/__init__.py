"""Pages read as their readers read them: by KaTeX, by XeLaTeX, and in one language."""

"""Problems with functions of their own."""

"""The numbers printed in the source documents, and that our pages print them too."""

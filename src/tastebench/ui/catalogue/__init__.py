"""The Catalogue page's views: the table, one item, its editor, the map."""

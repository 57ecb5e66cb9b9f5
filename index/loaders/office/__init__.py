"""Read the files of office programs: Word, Excel and PowerPoint, and those of LibreOffice."""

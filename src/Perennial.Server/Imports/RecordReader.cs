namespace Perennial.Server.Imports;

/// <summary>Reads records of CSV (RFC 4180), whose quoted cells may hold line ends, one at a time and bounded.</summary>
internal sealed class RecordReader(TextReader text)
{
    /// <summary>Most characters of one record.</summary>
    public const int MaxLength = 64 * 1024;

    private long _line = 1;

    /// <summary>The next record; null at the end. A record that is too long, or whose quote does not end, has no cells.</summary>
    public (long Line, IReadOnlyList<string>? Cells)? Read()
    {
        if (text.Peek() < 0)
        {
            return null;
        }

        var (start, cells, cell) = (_line, new List<string>(), new StringBuilder());
        var (length, isQuoted) = (0, false);
        while (text.Read() is var read and >= 0)
        {
            var c = (char)read;
            _line += c == '\n' ? 1 : 0;
            if (!isQuoted && c == '\n')
            {
                break;
            }

            length++;
            if (length <= MaxLength)
            {
                isQuoted = Take(c, isQuoted, cell, cells);
            }
            else if (c == '"')
            {
                isQuoted = !isQuoted;
            }
        }

        cells.Add(cell.ToString().TrimEnd('\r'));
        return (start, length > MaxLength || isQuoted ? null : cells);
    }

    private bool Take(char c, bool isQuoted, StringBuilder cell, List<string> cells)
    {
        if (c == '"' && isQuoted && text.Peek() == '"')
        {
            cell.Append((char)text.Read());
            return true;
        }

        if (c == '"')
        {
            return !isQuoted;
        }

        if (c == ',' && !isQuoted)
        {
            cells.Add(cell.ToString());
            cell.Clear();
        }
        else
        {
            cell.Append(c);
        }

        return isQuoted;
    }
}

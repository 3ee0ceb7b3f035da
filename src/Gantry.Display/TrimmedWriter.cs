using System.Text;

namespace Gantry.Display;

/// <summary>Writes lines without the spaces at their ends, with which a table fills its last column.</summary>
internal sealed class TrimmedWriter(TextWriter writer) : TextWriter(writer.FormatProvider)
{
    private int _spaces;

    public override Encoding Encoding => writer.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    // In one piece: the console writes to its file in each call.
    public override void Write(ReadOnlySpan<char> buffer)
    {
        var trimmed = new StringBuilder(buffer.Length);
        foreach (var sign in buffer)
        {
            if (sign == ' ')
            {
                _spaces++;
                continue;
            }

            if (sign is not ('\r' or '\n'))
                trimmed.Append(' ', _spaces);
            _spaces = 0;
            trimmed.Append(sign);
        }

        writer.Write(trimmed.ToString());
    }
}

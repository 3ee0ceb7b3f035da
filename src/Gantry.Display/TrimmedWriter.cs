using System.Text;

namespace Gantry.Display;

/// <summary>Writes lines without the spaces at their ends, with which a table fills its last column.</summary>
internal sealed class TrimmedWriter(TextWriter writer) : TextWriter(writer.FormatProvider)
{
    private int _spaces;

    public override Encoding Encoding => writer.Encoding;

    public override void Write(char value)
    {
        if (value == ' ')
        {
            _spaces++;
            return;
        }

        if (value is not ('\r' or '\n'))
            writer.Write(new string(' ', _spaces));
        _spaces = 0;
        writer.Write(value);
    }
}

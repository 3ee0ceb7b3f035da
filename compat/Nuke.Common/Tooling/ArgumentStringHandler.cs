using System.Runtime.CompilerServices;
using System.Text;
using Nuke.Common.IO;
using Nuke.Common.Utilities;

namespace Nuke.Common.Tooling;

/// <summary>
/// Arguments in an interpolated string, where each value that needs quotes gets them. <c>{value:r}</c> keeps a secret out of all output,
/// <c>{value:nq}</c> leaves the value as it is.
/// </summary>
[InterpolatedStringHandler]
public ref struct ArgumentStringHandler
{
    private readonly StringBuilder _text;
    private readonly List<string> _secrets = [];

    public ArgumentStringHandler(int literalLength, int formattedCount, out bool handlerIsValid)
    {
        _text = new StringBuilder(literalLength);
        handlerIsValid = true;
    }

    public static implicit operator ArgumentStringHandler(string value)
    {
        var handler = new ArgumentStringHandler(value.NotNull().Length, 0, out _);
        handler.AppendLiteral(value);
        return handler;
    }

    public void AppendLiteral(string value) => _text.Append(value);

    public void AppendFormatted(object obj, int alignment = 0, string format = null)
    {
        var text = obj switch
        {
            IAbsolutePathHolder holder => holder.Path.ToString(format ?? AbsolutePath.DoubleQuoteIfNeeded),
            string value when format is "r" or "nq" => value,
            string value when value.IsSingleQuoted() => value,
            string value => value.DoubleQuoteIfNeeded(),
            IFormattable formattable => formattable.ToString(format, null),
            _ => obj.ToString()
        };
        if (format == "r")
            _secrets.Add(text);
        _text.Append(alignment < 0 ? text.PadRight(-alignment) : text.PadLeft(alignment));
    }

    public void AppendFormatted(IEnumerable<IAbsolutePathHolder> paths, int alignment = 0, string format = null)
    {
        foreach (var (index, path) in paths.Index())
        {
            if (index > 0)
                _text.Append(' ');
            AppendFormatted(path, alignment, format);
        }
    }

    public string ToStringAndClear()
    {
        var text = _text.ToString();
        _text.Clear();
        return text;
    }

    public Func<string, string> GetFilter()
    {
        var secrets = _secrets;
        return text => secrets.Aggregate(text, (x, secret) => x.Replace(secret, "[REDACTED]"));
    }
}

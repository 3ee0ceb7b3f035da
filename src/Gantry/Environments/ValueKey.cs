using System.Globalization;
using System.Text;

namespace Gantry.Environments;

/// <summary>
/// The path to a value of a YAML file, in the syntax of Helm's <c>--set</c>: <c>image.digest</c>, <c>containers[0].image</c>,
/// <c>a\.b.c</c>.
/// </summary>
/// <seealso href="https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set">Helm, format of --set</seealso>
internal sealed class ValueKey
{
    private ValueKey(string text, IReadOnlyList<ValueKeyPart> parts)
    {
        Text = text;
        Parts = parts;
    }

    public string Text { get; }

    public IReadOnlyList<ValueKeyPart> Parts { get; }

    public static ValueKey Parse(string text) =>
        TryParse(text, out var key) ? key : throw new FormatException($"'{text}' is not the key of a value.");

    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ValueKey? key)
    {
        key = null;
        var parts = new List<ValueKeyPart>();
        var name = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\' when at + 1 < text.Length:
                    name.Append(text[++at]);
                    break;
                case '.' when name.Length > 0:
                    parts.Add(new ValueKeyPart(name.ToString(), null));
                    name.Clear();
                    if (at + 1 == text.Length)
                        return false;
                    break;
                case '.' when parts is [.., { Index: not null }] && at + 1 < text.Length:
                    break;
                case '[':
                    var end = text.IndexOf(']', at);
                    if (end < 0
                        || !int.TryParse(text.AsSpan(at + 1, end - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                        return false;
                    if (name.Length > 0)
                        parts.Add(new ValueKeyPart(name.ToString(), null));
                    else if (parts.Count == 0)
                        return false;
                    name.Clear();
                    parts.Add(new ValueKeyPart(null, index));
                    at = end;
                    if (at + 1 < text.Length && text[at + 1] is not ('.' or '['))
                        return false;
                    break;
                case '.' or ']' or '\\':
                    return false;
                default:
                    name.Append(text[at]);
                    break;
            }
        }

        if (name.Length > 0)
            parts.Add(new ValueKeyPart(name.ToString(), null));
        key = parts.Count == 0 ? null : new ValueKey(text, parts);
        return key is not null;
    }
}

/// <summary>One part of a path: a property, or an index into a list.</summary>
/// <param name="Name">The name of the property; null for an index.</param>
/// <param name="Index">The index, from 0; null for a property.</param>
internal readonly record struct ValueKeyPart(string? Name, int? Index)
{
    public override string ToString() => Name ?? string.Create(CultureInfo.InvariantCulture, $"[{Index}]");
}

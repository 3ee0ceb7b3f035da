namespace Gantry.GitHubActions.Expressions;

/// <summary>A part of a value: text, or the source of an expression between <c>${{</c> and <c>}}</c>.</summary>
internal readonly record struct TemplatePart(string Text, bool IsExpression);

/// <summary>Finds the expressions in a value of a workflow.</summary>
internal static class TemplateText
{
    private const string Start = "${{";
    private const string End = "}}";

    /// <summary>Returns the parts in order. An expression that does not end is one up to the end of the value.</summary>
    public static IReadOnlyList<TemplatePart> Split(string value)
    {
        var parts = new List<TemplatePart>();
        for (var at = 0; at < value.Length;)
        {
            var start = value.IndexOf(Start, at, StringComparison.Ordinal);
            if (start < 0)
            {
                parts.Add(new(value[at..], IsExpression: false));
                break;
            }

            if (start > at)
                parts.Add(new(value[at..start], IsExpression: false));
            var end = FindEnd(value, start + Start.Length);
            parts.Add(new(value[(start + Start.Length)..end], IsExpression: true));
            at = Math.Min(end + End.Length, value.Length);
        }

        return parts;
    }

    /// <summary>Returns the sources of the expressions in a value.</summary>
    public static IEnumerable<string> Expressions(string value) => Split(value).Where(part => part.IsExpression).Select(part => part.Text);

    // "}}" within a text belongs to the text.
    private static int FindEnd(string value, int at)
    {
        var isText = false;
        for (; at < value.Length; at++)
        {
            if (value[at] == '\'')
                isText = !isText;
            else if (!isText && string.CompareOrdinal(value, at, End, 0, End.Length) == 0)
                return at;
        }

        return value.Length;
    }
}

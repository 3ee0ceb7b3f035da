using Gantry.AzurePipelines.Expressions;

namespace Gantry.AzurePipelines.Validation;

/// <summary>The names that artifacts can have.</summary>
internal static class ArtifactName
{
    // What agents refuse, on every system.
    private const string Forbidden = "\":<>|*?/\\";

    /// <summary>Returns why a text is no name of an artifact, as the rest of a sentence; null when it is one.</summary>
    public static string? Validate(string name)
    {
        // Values of variables are not known yet.
        var parts = MacroParser.Parse(name, out _);
        var known = string.Concat(parts.OfType<LiteralPart>().Select(part => part.Text));
        if (known.Any(letter => char.IsControl(letter) || Forbidden.Contains(letter, StringComparison.Ordinal)))
            return $"agents take no control characters and none of {string.Join(' ', Forbidden.ToCharArray())}";
        return parts.All(part => part is LiteralPart) && known.Trim(' ', '.').Length == 0 ? "it has only dots or spaces" : null;
    }
}

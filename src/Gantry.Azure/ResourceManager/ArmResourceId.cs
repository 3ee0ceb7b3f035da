using System.Text.RegularExpressions;

namespace Gantry.Azure.ResourceManager;

/// <summary>
/// The id of a resource: <c>/subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerRegistry/registries/contoso</c>.
/// </summary>
internal sealed partial record ArmResourceId
{
    private ArmResourceId(string path, string name)
    {
        Path = path;
        Name = name;
    }

    /// <summary>The id itself, which is also the path at Azure Resource Manager.</summary>
    public string Path { get; }

    /// <summary>The name of the resource.</summary>
    public string Name { get; }

    /// <summary>
    /// Parses the id of a resource of this type (<c>Microsoft.ContainerRegistry/registries</c>), or throws <c>GAN9019</c>.
    /// </summary>
    public static ArmResourceId Parse(string text, string type) => Find(text, type) ?? throw ArmErrors.MalformedId(text, type);

    /// <summary>Parses the id of a resource of this type. Returns null when it is not valid.</summary>
    public static ArmResourceId? Find(string text, string type) =>
        Pattern().Match(text.Trim().TrimEnd('/')) is { Success: true } match
        && match.Groups["type"].Value.Equals(type, StringComparison.OrdinalIgnoreCase)
            ? new ArmResourceId(match.Value, match.Groups["name"].Value)
            : null;

    /// <summary>Returns the reason why a text is not the id of a resource of this type; null when it is one.</summary>
    public static string? Validate(string text, string type) =>
        Find(text, type)?.Path == text ? null : $"'{text}' is not the id of a {type}";

    /// <summary>Returns the last part of an id, which may be invalid.</summary>
    public static string NameOf(string text) => text[(text.LastIndexOf('/') + 1)..];

    /// <inheritdoc/>
    public override string ToString() => Path;

    [GeneratedRegex(
        @"\A/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/?#]+/providers/(?<type>[A-Za-z0-9.]+/[A-Za-z0-9]+)/(?<name>[A-Za-z0-9][-A-Za-z0-9]*)\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}

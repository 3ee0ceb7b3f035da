using System.Security.Cryptography;
using System.Text;
using Gantry.Environments;

namespace Gantry.Drift;

/// <summary>
/// The declaration of where drift is reported: <c>DriftAlert.WorkItem("Bug") with { AreaPath = @"Shop\Operations" }</c>.
/// </summary>
public abstract record DriftAlert
{
    private protected DriftAlert()
    {
    }

    /// <summary>The description that people see, without the value of a variable.</summary>
    public abstract string Description { get; }

    /// <summary>The environment variables that the alert needs.</summary>
    public virtual IReadOnlyList<string> Variables => [];

    /// <summary>Reports drift as one work item in Azure Boards, which is closed when the drift is mended.</summary>
    /// <param name="type">The type, as the process of the project calls it: <c>Bug</c>, <c>Issue</c>.</param>
    public static WorkItemAlert WorkItem(string type = "Bug") => new(type);

    /// <summary>Reports the state of each run to a webhook.</summary>
    /// <param name="url">The https address, or <c>$(VARIABLE)</c> when it holds a credential.</param>
    public static WebhookAlert Webhook(string url) => new(url);

    /// <summary>Throws <c>GAN4508</c> when the declaration cannot be used.</summary>
    public void EnsureValid()
    {
        if (Validate() is { } fault)
            throw DriftErrors.UnusableAlert(Description, fault);
    }

    /// <summary>
    /// Returns the marker that finds a report again, the same in each run: <c>gantry-drift-0123abcd</c>. Several builds report to one
    /// project.
    /// </summary>
    /// <param name="source">What the build is known by: the address of its repository.</param>
    public static string MarkerOf(string source) =>
        "gantry-drift-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)))[..8];

    private protected abstract string? Validate();
}

/// <summary>A work item in Azure Boards.</summary>
/// <param name="Type">The type, as the process of the project calls it.</param>
public sealed record WorkItemAlert(string Type) : DriftAlert
{
    /// <summary>The area path; null for that of the project.</summary>
    public string? AreaPath { get; init; }

    /// <summary>The iteration path; null for that of the project.</summary>
    public string? IterationPath { get; init; }

    /// <summary>The person that a new work item is assigned to: a name or an e-mail address; null for no one.</summary>
    public string? AssignedTo { get; init; }

    /// <summary>The tags of a new work item, beside the one that finds it again.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <inheritdoc/>
    public override string Description => $"work item of the type '{Type}'";

    private protected override string? Validate()
    {
        if (string.IsNullOrWhiteSpace(Type) || Type.AsSpan().ContainsAny(@"/\?#") || Type.Any(char.IsControl))
            return "its type has no name that a type can have";
        if (new[] { AreaPath, IterationPath, AssignedTo }.Any(text => text is not null && string.IsNullOrWhiteSpace(text)))
            return "its area path, iteration path or person is blank";
        return Tags.FirstOrDefault(tag => string.IsNullOrWhiteSpace(tag) || tag.AsSpan().ContainsAny(",;")) is { } wrong
            ? $"'{wrong}' is not a tag"
            : null;
    }
}

/// <summary>A webhook that gets the report of each run.</summary>
/// <param name="Url">The https address (http on this machine), which may contain environment variables:
/// <c>$(DRIFT_WEBHOOK)</c>.</param>
public sealed record WebhookAlert(string Url) : DriftAlert
{
    /// <summary>The headers; a value may contain environment variables: <c>$(DRIFT_WEBHOOK_KEY)</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override string Description => $"webhook {HookAddress.Describe(Url)}";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Variables => [.. VariableExpander.FindNames([Url, .. Headers.Values]).Distinct()];

    private protected override string? Validate() => HookAddress.Validate(Url, plainHttp: false) ?? HookAddress.ValidateHeaders(Headers);
}

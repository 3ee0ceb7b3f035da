namespace Gantry.Environments;

/// <summary>
/// A channel that gets a message about an environment: what was promoted to it, what was refused, what has drifted. An immutable record; a
/// message that cannot be sent is a warning, and never fails a promotion.
/// </summary>
/// <remarks>The address of a channel is a secret: it is in an environment variable, and the declaration names that.</remarks>
public abstract record Notification
{
    private protected Notification(string url) => Url = url;

    /// <summary>The variable with the https address (http on this machine): <c>$(SLACK_PROD)</c>.</summary>
    public string Url { get; }

    /// <summary>What the channel is told; everything by default.</summary>
    public NotificationEvents Events { get; init; } = NotificationEvents.All;

    /// <summary>The description that people see: <c>Slack $(SLACK_PROD)</c>.</summary>
    public abstract string Description { get; }

    /// <summary>The environment variables that the address is read from.</summary>
    public IEnumerable<string> Variables => VariableExpander.FindNames([Url]);

    /// <summary>Sends messages to an incoming webhook of Slack.</summary>
    /// <param name="url">The variable with the address: <c>$(SLACK_PROD)</c>.</param>
    public static SlackNotification Slack(string url) => new(url);

    /// <summary>Sends messages to a workflow of Teams, "When a Teams webhook request is received".</summary>
    /// <param name="url">The variable with the address: <c>$(TEAMS_PROD)</c>.</param>
    public static TeamsNotification Teams(string url) => new(url);

    internal void Check(PromotionEnvironment environment)
    {
        if (Validate() is { } fault)
            throw EnvironmentErrors.UnsoundNotification(Description, environment.Name, fault);
    }

    private string? Validate()
    {
        if (!VariableExpander.HasVariables(Url))
            return "its address is not written into the declaration, but taken from a variable: $(VARIABLE)";
        return Events is > NotificationEvents.None and <= NotificationEvents.All
            ? HookAddress.Validate(Url, plainHttp: false)
            : "it has no events";
    }
}

/// <summary>An incoming webhook of Slack.</summary>
/// <seealso href="https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/">Slack, incoming webhooks</seealso>
public sealed record SlackNotification : Notification
{
    internal SlackNotification(string url)
        : base(url)
    {
    }

    /// <inheritdoc/>
    public override string Description => $"Slack {HookAddress.Describe(Url)}";
}

/// <summary>A workflow of Teams that posts what it receives.</summary>
/// <seealso href="https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook">
/// Teams, incoming webhooks with Workflows
/// </seealso>
public sealed record TeamsNotification : Notification
{
    internal TeamsNotification(string url)
        : base(url)
    {
    }

    /// <inheritdoc/>
    public override string Description => $"Teams {HookAddress.Describe(Url)}";
}

/// <summary>What a channel is told about an environment.</summary>
[Flags]
public enum NotificationEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A release was promoted to it.</summary>
    Promoted = 1,

    /// <summary>It went back to an earlier release.</summary>
    RolledBack = 2,

    /// <summary>A release was refused before anything was written: by a gate, a person or a check.</summary>
    Refused = 4,

    /// <summary>A promotion failed after it had begun.</summary>
    Failed = 8,

    /// <summary>It is not as it was promoted.</summary>
    Drifted = 16,

    /// <summary>Everything.</summary>
    All = Promoted | RolledBack | Refused | Failed | Drifted,
}

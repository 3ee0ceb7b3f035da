namespace Gantry.Environments;

/// <summary>
/// An HTTP request with the payload of Azure Container Registry's push webhooks, one per image. Receivers of those webhooks understand it.
/// </summary>
/// <param name="Url">An https address (http on this machine), which may contain environment variables: <c>$(PROD_WEBHOOK_URL)</c>. User
/// name and password in a variable's address become basic credentials.</param>
/// <seealso href="https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference">
/// Azure Container Registry webhook reference
/// </seealso>
public sealed record WebhookDeployment(string Url) : Deployment
{
    /// <summary>The headers; a value may contain environment variables: <c>$(PROD_WEBHOOK_KEY)</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override string Description => $"webhook {HookAddress.Describe(Url)}";

    /// <inheritdoc/>
    public override IEnumerable<string> Variables => VariableExpander.FindNames([Url, .. Headers.Values]);

    /// <inheritdoc/>
    public override bool IsForAll => true;

    /// <inheritdoc/>
    public override bool IsOnThisMachine(Func<string, string?> variable) => HookAddress.IsOnThisMachine(Url, variable);

    /// <inheritdoc/>
    protected override string? Validate() => HookAddress.Validate(Url, plainHttp: false) ?? HookAddress.ValidateHeaders(Headers);
}

namespace Gantry.Environments;

/// <summary>A workload of a Kubernetes cluster that is deployed with <c>kubectl</c>.</summary>
/// <param name="Context">The context of the kubeconfig.</param>
/// <param name="Namespace">The namespace.</param>
/// <param name="Workload">The deployment, or another kind with its name: <c>statefulset/app</c>.</param>
/// <param name="Container">The container.</param>
public sealed record KubectlDeployment(string Context, string Namespace, string Workload, string Container) : Deployment
{
    private static readonly string[] Kinds = ["deployment", "statefulset", "daemonset"];

    /// <summary>The time that the rollout of the workload may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The workload with its kind: <c>deployment/app</c>.</summary>
    public string Resource => Workload.Contains('/', StringComparison.Ordinal) ? Workload : "deployment/" + Workload;

    /// <inheritdoc/>
    public override string Description => $"kubectl {Resource} in {Context}, namespace {Namespace}, container {Container}";

    /// <inheritdoc/>
    protected override string? Validate()
    {
        if (Context.Length == 0 || Context[0] == '-')
            return $"'{Context}' is not a context";
        if (!IsName(Namespace))
            return $"'{Namespace}' is not a namespace";
        if (Resource.Split('/') is not [var kind, var name] || !Kinds.Contains(kind) || !IsName(name))
            return $"'{Workload}' is not a {string.Join(", ", Kinds)}: write app, or statefulset/app";
        if (!IsName(Container))
            return $"'{Container}' is not the name of a container";
        if (Timeout < TimeSpan.FromSeconds(1))
            return $"its timeout is {Timeout}";
        return null;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 253
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '.')
        && char.IsAsciiLetterOrDigit(name[0])
        && char.IsAsciiLetterOrDigit(name[^1]);
}

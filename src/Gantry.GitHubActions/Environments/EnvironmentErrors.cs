using Gantry.AzurePipelines;

namespace Gantry.GitHubActions.Environments;

/// <summary>GAN8201 to GAN8203: gates, and what GitHub can hold of them.</summary>
internal static class EnvironmentErrors
{
    public static Diagnostic UnsupportedGate(string path, string gate, string environment, string reason) => new(
        "GAN8201",
        DiagnosticSeverity.Error,
        $"the gate '{gate}' of the environment '{environment}' cannot be expressed in GitHub: {reason}",
        "change the gate",
        path);

    public static Diagnostic PartOfGate(string path, string gate, string environment, string loss) => new(
        "GAN8202",
        DiagnosticSeverity.Warning,
        $"GitHub holds only a part of the gate '{gate}' of the environment '{environment}': {loss}",
        "change the gate, or accept the difference",
        path);

    public static Diagnostic UnknownApprover(string path, string approver) => new(
        "GAN8203",
        DiagnosticSeverity.Error,
        $"the approver '{approver}' is no user or team of GitHub",
        "name one as Approvers: @user, or @organization/team",
        path);

    public static Diagnostic MalformedReviewer(string path, string approver, string reviewer) => new(
        "GAN8203",
        DiagnosticSeverity.Error,
        $"the approver '{approver}' is '{reviewer}' in GitHub, which is not the name of a user or team",
        "write @user, or @organization/team",
        path);
}

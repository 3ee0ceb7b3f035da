using System.Text.RegularExpressions;

namespace Gantry.Cli.Init;

/// <summary>What the address of a clone's origin says about the service that the repository is on.</summary>
/// <param name="Host">Where its pipeline runs.</param>
/// <param name="Owner">The project of Azure DevOps, or the owner on GitHub; null when the address does not say.</param>
internal sealed partial record RemoteOrigin(PipelineHost Host, string? Owner)
{
    /// <summary>Reads an address. Any other service counts as Azure DevOps, for which there are servers under every name.</summary>
    public static RemoteOrigin Parse(string address)
    {
        if (GitHub().Match(address) is { Success: true } gitHub)
            return new RemoteOrigin(PipelineHost.GitHub, gitHub.Groups["owner"].Value);
        var azure = Azure().Match(address);
        return new RemoteOrigin(PipelineHost.AzureDevOps, azure.Success ? Uri.UnescapeDataString(azure.Groups["project"].Value) : null);
    }

    /// <summary>Returns the approver of prod until a person names another one.</summary>
    public static string ApproverOf(PipelineHost host, string? owner, string solution) => host == PipelineHost.GitHub
        ? owner ?? "contoso/release"
        : $@"[{owner ?? System.IO.Path.GetFileNameWithoutExtension(solution)}]\Contributors";

    [GeneratedRegex(@"\bgithub\.com[:/](?<owner>[A-Za-z0-9-]+)/", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GitHub();

    // https://dev.azure.com/contoso/Shop/_git/Shop, git@ssh.dev.azure.com:v3/contoso/Shop/Shop,
    // https://contoso.visualstudio.com/Shop/_git/Shop
    [GeneratedRegex(@"(dev\.azure\.com(:v3)?/[^/]+|\.visualstudio\.com(/DefaultCollection)?)/(?<project>[^/""\\]+)/",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Azure();
}

using System.Text.Json.Nodes;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Testing;
using Gantry.Verification;

namespace Gantry.Cli.Tests;

/// <summary>What is not as it was promoted, from the declaration alone.</summary>
public sealed class VerifyEnvironmentsCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Empty_environments_have_not_drifted_and_hosts_are_said_to_be_unread()
    {
        var result = await CommandRunner.RunAsync("verify-environments", "--environments", WriteDeclaration());

        Assert.Equal(
            "Nothing was compared: 1 registry without a release; hosts were not read, which only the build declares",
            result.EnsureSuccess().Output.Trim());
    }

    [Fact]
    public async Task The_document_has_the_schema_and_the_state()
    {
        var result = await CommandRunner.RunAsync(
            "verify-environments", "--environments", WriteDeclaration(), "--format", "json");

        var document = JsonNode.Parse(result.EnsureSuccess().Output)!;
        Assert.Equal((1, "settled", false), ((int)document["schema"]!, (string)document["state"]!, (bool)document["hostsRead"]!));
    }

    [Fact]
    public async Task Markdown_has_the_same()
    {
        var result = await CommandRunner.RunAsync(
            "verify-environments", "--environments", WriteDeclaration(), "--format", "markdown");

        Assert.Equal(
            "## Drift\n\n- Nothing was compared: 1 registry without a release; hosts were not read, which only the build declares",
            result.EnsureSuccess().Output.ReplaceLineEndings("\n").Trim());
    }

    [Fact]
    public async Task A_missing_declaration_is_reported() =>
        (await CommandRunner.RunAsync("verify-environments", "--environments", _folder.Combine("none.json"))).AssertError("GAN4215");

    private string WriteDeclaration()
    {
        var policy = new VerificationPolicy
        {
            Base = RegistryAddress.Parse($"oci:{_folder.Combine("base")}"),
            Images = ["app"],
            Targets = PromotionTarget.Of(new PromotionEnvironment("prod"), RegistryAddress.Parse($"oci:{_folder.Combine("prod")}")),
        };
        var file = _folder.Combine("environments.json");
        File.WriteAllBytes(file, PolicyDocument.Of(policy).ToJson());
        return file;
    }
}

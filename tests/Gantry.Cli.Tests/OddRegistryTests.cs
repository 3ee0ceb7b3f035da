using System.Text;
using Gantry.Oci;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Cli.Tests;

/// <summary>What odd registries answer ends in a result, or in an error with a code; never in an exception.</summary>
public sealed class OddRegistryTests : IDisposable
{
    private static readonly SampleImage s_image = SampleImage.Create(1, 1000);

    private readonly TempFolder _folder = new();

    public static TheoryData<string, string, string> Answers => new()
    {
        { "/referrers/", """{"schemaVersion":2,"manifests":null}""", "" },
        { "/referrers/", """{"schemaVersion":2,"manifests":[null]}""", "GAN2016" },
        { "/referrers/", """{"schemaVersion":2,"manifests":[{"mediaType":null,"digest":null,"size":null}]}""", "GAN2016" },
        { "/referrers/", "null", "GAN2016" },
        { "/tags/list", """{"name":null,"tags":null}""", "" },
        { "/tags/list", """{"name":null,"tags":[null]}""", "" },
        { "/tags/list", "null", "" },
        { "/manifests/v1", "null", "GAN1005" },
        { "/manifests/v1", """{"schemaVersion":2,"config":null,"layers":null}""", "" },
        { "/manifests/v1", """{"schemaVersion":2,"manifests":null}""", "" },
        { "/manifests/v1", """{"schemaVersion":2,"manifests":[null]}""", "GAN1005" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Answers))]
    public async Task Null_is_an_empty_list_or_an_error_with_a_code(string path, string body, string code)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.Store.Add("app", s_image, "v1");
        registry.FailAlways("GET", path, fault =>
        {
            // The digest of another manifest does not come with it.
            fault.Http.Response.ContentType = "application/json";
            return fault.Http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
        });

        string[][] commands =
            [["inspect", $"{registry.Host}/app:v1"], ["verify", $"{registry.Host}/app:v1"], ["copy", $"{registry.Host}/app:v1", Target()]];
        foreach (var command in commands)
        {
            var run = await CommandRunner.RunAsync(command);
            if (code.Length == 0)
                run.EnsureSuccess();
            else
                Assert.Equal((1, true), (run.Code, run.Error.Contains(code, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_list_that_a_copy_does_without_is_named()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.Store.Add("app", s_image, "v1");
        registry.FailAlways("GET", "/tags/list", RegistryFaults.StatusCode(500));
        registry.FailAlways("GET", "/referrers/", RegistryFaults.StatusCode(403));

        var run = (await CommandRunner.RunAsync("copy", $"{registry.Host}/app:v1", Target())).EnsureSuccess();

        Assert.Contains("warning: GAN2043: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("warning: GAN2044: ", run.Error, StringComparison.Ordinal);
    }

    private string Target() => $"oci:{_folder.Path}/app";
}

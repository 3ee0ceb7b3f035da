using Gantry.Nuke.Publishing;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Publishing;

/// <summary>The times in the manifests of static web assets are those of the commit.</summary>
public sealed class StaticAssetEndpointsTests : IDisposable
{
    private const string Manifest = """
        {"Endpoints":[{"ResponseHeaders":[{"Name":"ETag","Value":"\"a+/=\""},{"Name":"Last-Modified","Value":"Sun, 29 Nov 2026 11:08:04 GMT"}]}]}
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Only_the_time_changes()
    {
        var file = Write("App.staticwebassets.endpoints.json", Manifest);

        await StaticAssetEndpoints.SetTimeAsync(_folder.Path, DateTimeOffset.FromUnixTimeSeconds(1_760_000_000), CancellationToken.None);

        Assert.Equal(
            Manifest.Replace("Sun, 29 Nov 2026 11:08:04 GMT", "Thu, 09 Oct 2025 08:53:20 GMT", StringComparison.Ordinal),
            await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("App.staticwebassets.endpoints.json", "no JSON")]
    [InlineData("App.staticwebassets.endpoints.json", """{ "Endpoints": [ 1, null, { "ResponseHeaders": "x" } ] }""")]
    [InlineData("other.json", Manifest)]
    public async Task Another_file_stays_as_it_is(string name, string content)
    {
        var file = Write(name, content);

        await StaticAssetEndpoints.SetTimeAsync(_folder.Path, DateTimeOffset.UnixEpoch, CancellationToken.None);

        Assert.Equal(content, await File.ReadAllTextAsync(file));
    }

    private string Write(string name, string content) => _folder.Write(name, System.Text.Encoding.UTF8.GetBytes(content));
}

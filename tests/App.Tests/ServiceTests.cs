using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace App.Tests;

public sealed class ServiceTests(WebApplicationFactory<Program> service) : IClassFixture<WebApplicationFactory<Program>>
{
    [Fact]
    public async Task The_service_is_healthy()
    {
        var response = await service.CreateClient().GetAsync("/healthz");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Healthy", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_version_endpoint_returns_version_commit_and_build()
    {
        var build = await Client("20261123.4").GetFromJsonAsync<JsonElement>("/version");

        Assert.Equal(["version", "commit", "buildId"], build.EnumerateObject().Select(property => property.Name));
        Assert.Matches(@"^\d+\.\d+\.\d+", build.GetProperty("version").GetString());
        Assert.Equal("20261123.4", build.GetProperty("buildId").GetString());
    }

    [Fact]
    public async Task The_build_id_is_local_by_default()
    {
        var build = await service.CreateClient().GetFromJsonAsync<JsonElement>("/version");

        Assert.Equal("local", build.GetProperty("buildId").GetString());
    }

    [Fact]
    public async Task The_page_shows_the_build_encoded()
    {
        var response = await Client("<b>7</b>").GetAsync("/");
        var page = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("&lt;b&gt;7&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
    }

    private HttpClient Client(string buildId) =>
        service.WithWebHostBuilder(host => host.UseSetting("BUILD_ID", buildId)).CreateClient();
}

using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Tests.Deployments;

/// <summary>Creates releases and deployment orders for tests.</summary>
internal static class SampleOrders
{
    public static readonly Digest Digest = Digest.Parse("sha256:" + new string('a', 64));

    public static Release Release(string version = "1.4.2", params IReadOnlyList<string> images) => new()
    {
        Version = version,
        Commit = "0123456789abcdef0123456789abcdef01234567",
        BuildUrl = "https://dev.azure.com/contoso/shop/_build/results?buildId=77",
        Created = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Images = [.. (images.Count == 0 ? ["app"] : images).Select(name => new ReleaseImage
        {
            Name = name,
            Repository = "contoso.azurecr.io/" + name,
            Digest = Digest,
            MediaType = MediaTypes.OciManifest,
            Size = 524,
            Platforms = ["linux/amd64"],
        })],
    };

    public static DeploymentOrder Order(
        Deployment deployment, Release? release = null, string registry = "contosoprod.azurecr.io/team", string? image = null)
    {
        release ??= Release();
        return new()
        {
            Deployment = deployment,
            Release = release,
            Image = release.Images.Single(candidate => candidate.Name == (image ?? release.Images[0].Name)),
            Target = new PromotionTarget(new("prod"), Region: null, RegistryAddress.Parse(registry)),
        };
    }

    public static Func<string, string?> Variables(params IReadOnlyList<(string Name, string Value)> variables) =>
        name => variables.FirstOrDefault(variable => variable.Name == name).Value;

    public static async Task<GantryException> AssertErrorAsync(string code, Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<GantryException>(action);
        Assert.True(code == error.Code, $"{code} expected: {error.Message}");
        return error;
    }
}

using Gantry.Oci;

namespace Gantry.Tests.Oci;

public sealed class ImageLocationTests
{
    private const string Digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

    [Theory]
    [InlineData("localhost:5000/team/app:v1", "localhost:5000", "team/app", "v1", null)]
    [InlineData("contoso.azurecr.io/app", "contoso.azurecr.io", "app", null, null)]
    [InlineData("contoso.azurecr.io/app:v1@" + Digest, "contoso.azurecr.io", "app", "v1", Digest)]
    [InlineData("alpine:3.22", "docker.io", "library/alpine", "3.22", null)]
    [InlineData("oci:folder/app:v1", "oci:folder", "app", "v1", null)]
    [InlineData("oci:app:v1", "oci:.", "app", "v1", null)]
    [InlineData("oci:/app", "oci:/", "app", null, null)]
    [InlineData(@"oci:C:\registries\dev\app:v1", @"oci:C:\registries\dev", "app", "v1", null)]
    [InlineData("oci:a/b/app@" + Digest, "oci:a/b", "app", null, Digest)]
    [InlineData("oci-archive:out/app.tar", "oci-archive:out/app.tar", "", null, null)]
    [InlineData("oci-archive:out/app.tar:v1", "oci-archive:out/app.tar", "", "v1", null)]
    [InlineData("oci-archive:/out/app.tar:team/app:v1", "oci-archive:/out/app.tar", "team/app", "v1", null)]
    [InlineData(@"oci-archive:C:\out\app.tar:v1", @"oci-archive:C:\out\app.tar", "", "v1", null)]
    [InlineData("oci-archive:app.tar@" + Digest, "oci-archive:app.tar", "", null, Digest)]
    [InlineData("docker-archive:app.tar", "docker-archive:app.tar", "", null, null)]
    [InlineData("docker-archive:app.tar:app:v1", "docker-archive:app.tar", "app", "v1", null)]
    [InlineData("docker-archive:app.tar:app", "docker-archive:app.tar", "app", null, null)]
    [InlineData("docker-archive:app.tar:localhost:5000/team/app:v1", "docker-archive:app.tar", "localhost:5000/team/app", "v1", null)]
    public void A_location_is_parsed(string text, string address, string repository, string? tag, string? digest)
    {
        var location = ImageLocation.Parse(text);
        Assert.Equal(
            (address, repository, tag, digest),
            (location.Address.ToString(), location.Repository, location.Tag, location.Digest?.ToString()));
    }
}

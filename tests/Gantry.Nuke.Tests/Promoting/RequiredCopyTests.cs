using Gantry.Copying;
using Gantry.Nuke.Promoting;
using Gantry.Oci;

namespace Gantry.Nuke.Tests.Promoting;

public sealed class RequiredCopyTests
{
    private static readonly RegistryAddress Base = RegistryAddress.Parse("oci:base");
    private static readonly RegistryAddress Prod = RegistryAddress.Parse("prod.contoso.com");

    [Fact]
    public async Task A_copy_that_works_is_used()
    {
        var works = new TransferResult(true, "fetched");

        Assert.Equal(works, await new RequiredCopy(new FixedCopy(works)).CheckAsync(Base, Prod, default));
        Assert.Equal(works, await new RequiredCopy(new FixedCopy(works)).CopyAsync(Request(), default));
    }

    [Fact]
    public async Task A_copy_that_does_not_work_is_an_error()
    {
        var copy = new RequiredCopy(new FixedCopy(new TransferResult(false, "it is too far away")));

        var check = await Assert.ThrowsAsync<GantryException>(() => copy.CheckAsync(Base, Prod, default));
        Assert.StartsWith(
            "GAN4053: prod.contoso.com cannot fetch images from oci:base: it is too far away; ", check.Message, StringComparison.Ordinal);
        Assert.Equal(check.Message, (await Assert.ThrowsAsync<GantryException>(() => copy.CopyAsync(Request(), default))).Message);
    }

    [Fact]
    public async Task A_copy_that_is_not_made_for_the_registries_is_an_error() =>
        Assert.Equal(
            "GAN4053",
            (await Assert.ThrowsAsync<GantryException>(() => new RequiredCopy(new FixedCopy(null)).CheckAsync(Base, Prod, default))).Code);

    private static ServerSideCopyRequest Request() =>
        new() { From = Base, To = Prod, Image = "app", Digest = Digest.Parse("sha256:" + new string('a', 64)), Target = null! };

    private sealed class FixedCopy(TransferResult? result) : IServerSideCopy
    {
        public Task<TransferResult?> CheckAsync(RegistryAddress from, RegistryAddress to, CancellationToken cancellationToken) =>
            Task.FromResult(result);

        public Task<TransferResult> CopyAsync(ServerSideCopyRequest item, CancellationToken cancellationToken) => Task.FromResult(result!);
    }
}

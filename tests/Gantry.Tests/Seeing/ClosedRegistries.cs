using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Tests.Seeing;

/// <summary>Registries that deny access.</summary>
internal sealed class ClosedRegistries : IRegistryClient
{
    public IImageRepository Open(RegistryAddress address, string repository) =>
        new ClosedRepository(new MemoryRegistries().Open(address, repository));

    private sealed class ClosedRepository(IImageRepository inner) : ForwardingRepository(inner)
    {
        public override Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) => throw Denied();

        public override Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
            Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken) => throw Denied();

        public override Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken) => throw Denied();

        private GantryException Denied() => new("GAN2003", $"{Location} denies access", "sign in");
    }
}

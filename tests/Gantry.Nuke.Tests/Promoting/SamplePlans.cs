using Gantry.Copying;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Nuke.Tests.Promoting;

/// <summary>Plans without a registry: one image with a new tag.</summary>
internal static class SamplePlans
{
    private static readonly ManifestContent Root = ManifestContent.Create(new Manifest
    {
        MediaType = MediaTypes.OciManifest,
        Config = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = Digest.Of("{}"u8), Size = 2 },
        Layers = [],
    });

    public static PromotionPlan For(PromotionEnvironment environment)
    {
        var session = new RegistrySession();
        var image = new ReleaseImage
        {
            Name = "app",
            Repository = "oci:base/app",
            Digest = Root.Descriptor.Digest,
            MediaType = Root.Descriptor.MediaType,
            Size = Root.Descriptor.Size,
            Platforms = ["linux/amd64"],
        };
        var request = new PromotionRequest
        {
            Release = new Release { Version = "1.0.0", Commit = "0123456789abcdef", Created = DateTimeOffset.UnixEpoch, Images = [image] },
            Base = RegistryAddress.Parse("oci:base"),
            Targets = PromotionTarget.Of(environment, [.. environment.Regions.DefaultIfEmpty("").Select(_ => RegistryAddress.Parse("oci:target"))]),
        };
        return new PromotionPlan
        {
            Request = request,
            Gates = [.. environment.Gates.Select(gate => new PlannedGate(gate))],
            Images =
            [
                new PlannedImage
                {
                    Image = image,
                    Source = session.Open(request.Base, "app"),
                    PromotionTarget = request.Targets[0],
                    Target = new CopyTarget(session.Open(request.Targets[0].Address, "app"), "1.0.0"),
                    TagBefore = null,
                    Manifests = [],
                    Blobs = [],
                    Attachments = [],
                    MissingAttachments = [],
                    WritesRecord = true,
                    Root = Root,
                    Graph = null,
                },
            ],
        };
    }
}

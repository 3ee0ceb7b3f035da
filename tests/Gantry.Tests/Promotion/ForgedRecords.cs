using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Promotion;

/// <summary>Adds and removes records, as anyone can who may push.</summary>
internal static class ForgedRecords
{
    /// <summary>Adds a promotion record beside an image.</summary>
    public static Task AddRecordAsync(this FakeRepository repository, Descriptor image, PromotionRecord record) =>
        PromotionReferrer.PutAsync(repository, record, image, CancellationToken.None);

    /// <summary>Adds a release record beside an image.</summary>
    public static Task AddRecordAsync(this FakeRepository repository, Descriptor image, Release release) =>
        ReleaseReferrer.PutAsync(repository, release, image, CancellationToken.None);

    /// <summary>Removes all promotion records.</summary>
    public static void RemoveRecords(this FakeRepository repository)
    {
        foreach (var record in repository.Manifests.Values
            .Where(manifest => !manifest.IsIndex && manifest.ReadManifest().ArtifactType == PromotionReferrer.ArtifactType)
            .ToList())
            repository.Manifests.Remove(record.Descriptor.Digest, out _);
    }
}

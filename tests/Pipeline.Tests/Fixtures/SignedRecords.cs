using System.Text.Json;
using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;

namespace Pipeline.Tests.Fixtures;

/// <summary>The records of promotions in a folder, which the development key signs.</summary>
internal static class SignedRecords
{
    /// <summary>Reads the only record beside the image app of the release 1.2.0.</summary>
    public static async Task<PromotionRecord> ReadOnlyAsync(RepositoryClone clone, string folder)
    {
        await using var session = new RegistrySession(new RegistrySessionOptions { RootFolder = clone.Root });
        var repository = session.Open(RegistryAddress.Parse("oci:" + folder), "app");
        var tagged = await repository.FindTagAsync("1.2.0", CancellationToken.None);
        var found = await AttestationReferrer.FindAsync(
            repository, tagged!.Digest, PredicateTypes.VerificationSummary, CancellationToken.None);
        var record = Assert.Single(found.Attestations).Statement.Predicate.GetProperty(PredicateTypes.Promotion);
        return PromotionRecord.Read(JsonSerializer.SerializeToUtf8Bytes(record), "the attestation");
    }
}

using Gantry.Attestations;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Verification;

namespace Gantry.Status;

/// <summary>
/// Reads everything that the base registry and the registries of the environments have beside one digest, and verifies it. Writes nothing.
/// What does not count is listed with the reason; a registry that cannot be read hides nothing else.
/// </summary>
/// <param name="repositories">The client that opens registries.</param>
/// <param name="policy">The environments, with their keys.</param>
/// <param name="time">The clock; the system clock by default.</param>
public sealed class AuditReader(IRegistryClient repositories, VerificationPolicy policy, TimeProvider? time = null)
{
    private const string BasePlace = "base";

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The client for each environment, when one has an identity of its own; the one of this reader by default.</summary>
    public Func<PromotionEnvironment, IRegistryClient>? ClientOf { get; init; }

    /// <summary>Reads what is known about an image.</summary>
    /// <param name="image">The name of the image.</param>
    /// <param name="digest">The digest.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<DigestAudit> ReadAsync(string image, Digest digest, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var places = new List<PromotionTarget?>([null, .. policy.Targets]);
        var read = await Concurrently.SelectAsync(
            places, (target, token) => ReadPlaceAsync(image, digest, target, now, token), cancellationToken);
        var versions = read
            .SelectMany(place => place.Entries)
            .Where(entry => entry is { Kind: <= AuditKind.Renewal, State: AuditState.Verified or AuditState.Unsigned })
            .Select(entry => entry.Version)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        var holds = await Concurrently.SelectAsync(
            read.Where(place => place.Problems.Count == 0).Select(place => place.Place.Target).OfType<PromotionTarget>(),
            (target, token) => new HoldAuditor(ClientFor(target), target, image, _time).ReadAsync(versions, token),
            cancellationToken);
        return new DigestAudit
        {
            AsOf = now,
            Image = image,
            Digest = digest,
            Places = [.. read.Select(place => place.Place)],
            Entries = Merge(read.SelectMany(place => place.Entries).Concat(holds.SelectMany(hold => hold.Entries))),
            Problems = [.. read.SelectMany(place => place.Problems), .. holds.SelectMany(hold => hold.Problems)],
        };
    }

    private IRegistryClient ClientFor(PromotionTarget target) => ClientOf?.Invoke(target.Environment) ?? repositories;

    private sealed record ReadPlace(AuditPlace Place, IReadOnlyList<AuditEntry> Entries, IReadOnlyList<AuditProblem> Problems);

    private async Task<ReadPlace> ReadPlaceAsync(
        string image, Digest digest, PromotionTarget? target, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var client = target is null ? repositories : ClientFor(target);
        var repository = client.Open(target?.Address ?? policy.Base, image);
        var name = target?.DisplayName ?? BasePlace;
        var place = new AuditPlace(name, repository.Location, IsThere: null) { Target = target };
        try
        {
            place = place with { IsThere = await repository.HasManifestAsync(digest, cancellationToken) };
            var auditor = new PlaceAuditor(repository, name, image, target, policy, now);
            var entries = await auditor.ReadAsync(digest, cancellationToken);

            // The SBOM of a platform is beside its own manifest.
            if (target is null && place.IsThere == true)
                entries = [.. entries, .. await ReadPlatformsAsync(repository, auditor, digest, cancellationToken)];
            return new ReadPlace(place, entries, []);
        }
        catch (GantryException problem)
        {
            return new ReadPlace(place, [], [new AuditProblem(name, problem)]);
        }
    }

    private static async Task<IReadOnlyList<AuditEntry>> ReadPlatformsAsync(
        IImageRepository repository, PlaceAuditor auditor, Digest digest, CancellationToken cancellationToken)
    {
        if (await repository.FindManifestAsync(digest, cancellationToken) is not { IsIndex: true } index)
            return [];
        var platforms = await Concurrently.SelectAsync(
            index.ReadIndex().Manifests.Take(Limits.Attestations),
            async (manifest, token) => (await auditor.ReadAsync(manifest.Digest, token)).Select(entry => entry with
            {
                Text = manifest.Platform is { } platform ? $"{entry.Text} ({platform})" : entry.Text,
            }),
            cancellationToken);
        return [.. platforms.SelectMany(entries => entries)];
    }

    // What is copied with an image is there once, with the places to which it came.
    private static IReadOnlyList<AuditEntry> Merge(IEnumerable<AuditEntry> entries) =>
    [
        .. entries
            .GroupBy(entry => (
                entry.Document, Place: entry.Document is null || entry.Promotion is not null ? entry.Place : "", entry.State, entry.Text,
                entry.Key))
            .Select(same => same.First() with
            {
                Copies = [.. same.Skip(1).Select(entry => entry.Place).Where(place => place != same.First().Place).Distinct()],
            })
            .OrderBy(entry => entry.Time ?? DateTimeOffset.MaxValue)
            .ThenBy(entry => entry.Kind),
    ];
}

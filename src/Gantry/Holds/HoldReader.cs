using Gantry.Attestations;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Signing;

namespace Gantry.Holds;

/// <summary>
/// Reads whether an environment is held: one list of referrers for each image, and what it lists. Where the environment has a key, only
/// what that has signed counts, for this environment and at this place. What cannot be read may be a hold, and is an error.
/// </summary>
/// <param name="registries">The client that opens registries.</param>
/// <param name="time">The clock, which shows that the date of a statement cannot be true; the system clock by default.</param>
public sealed class HoldReader(IRegistryClient registries, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>
    /// Reads the holds of one registry. A hold is stored beside each image; one of them is enough. Throws <c>GAN4604</c> for a hold that
    /// cannot be read, and the errors of the registry.
    /// </summary>
    /// <param name="target">The registry.</param>
    /// <param name="images">The names of the images.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<HoldState> ReadAsync(PromotionTarget target, IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        var (found, ignored) = await FindAsync(target, images, cancellationToken);
        return new HoldState
        {
            Target = target,
            Statements = [.. found.Select(hold => hold.Statement).DistinctBy(statement => statement with { Place = "" })],
            Ignored = ignored,
        };
    }

    /// <summary>Finds the statements beside each image, with what has signed them, the latest first.</summary>
    internal async Task<(IReadOnlyList<FoundHold> Holds, IReadOnlyList<GantryException> Ignored)> FindAsync(
        PromotionTarget target, IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        var read = await Concurrently.SelectAsync(images, (image, token) => ReadImageAsync(target, image, token), cancellationToken);

        // Of two of the same time, the one that holds decides.
        return (
            [
                .. read.SelectMany(image => image.Holds)
                    .OrderByDescending(hold => hold.Statement.Time)
                    .ThenByDescending(hold => hold.Statement.Held),
            ],
            [.. read.SelectMany(image => image.Ignored)]);
    }

    private sealed record ImageHolds
    {
        public List<FoundHold> Holds { get; } = [];

        public List<GantryException> Ignored { get; } = [];
    }

    private async Task<ImageHolds> ReadImageAsync(PromotionTarget target, string image, CancellationToken cancellationToken)
    {
        var repository = registries.Open(target.Address, image);
        var anchor = HoldAnchor.DigestOf(target);
        var referrers = await repository.ListReferrersAsync(anchor, cancellationToken);
        var holds = new ImageHolds();
        if (referrers.Count > 0)
        {
            await (target.Trust is { } trust
                ? AddSignedAsync(holds, target, trust, repository, image, anchor, referrers, cancellationToken)
                : AddUnsignedAsync(holds, target, repository, image, anchor, referrers, cancellationToken));
        }

        return holds;
    }

    private async Task AddSignedAsync(
        ImageHolds holds, PromotionTarget target, TrustPolicy trust, IImageRepository repository, string image, Digest anchor,
        IReadOnlyList<Descriptor> referrers, CancellationToken cancellationToken)
    {
        var candidates = AttestationReferrer.Candidates(repository, anchor, referrers, PredicateTypes.Hold);
        var found = await AttestationReferrer.ReadAsync(repository, anchor, candidates, PredicateTypes.Hold, cancellationToken);

        // What was read and is no attestation says nothing, whoever put it there. What could not be read may be a hold.
        if (found.Faults.FirstOrDefault(IsUnread) is { } unread)
            throw HoldErrors.Unreadable(target.DisplayName, unread.Problem, unread);
        holds.Ignored.AddRange(found.Faults);
        holds.Ignored.AddRange(referrers
            .Where(referrer => referrer.ArtifactType == HoldArtifact.ArtifactType)
            .Select(referrer => HoldErrors.Unsigned(DocumentArtifact.Origin(repository, referrer), target)));
        foreach (var attestation in found.Attestations)
            Add(holds, target, image, attestation.Origin, () => Verify(attestation, trust, anchor));
    }

    private async Task AddUnsignedAsync(
        ImageHolds holds, PromotionTarget target, IImageRepository repository, string image, Digest anchor,
        IReadOnlyList<Descriptor> referrers, CancellationToken cancellationToken)
    {
        var candidates = referrers
            .Where(referrer => referrer.ArtifactType == HoldArtifact.ArtifactType)
            .DistinctBy(referrer => referrer.Digest)
            .ToList();
        if (candidates.Count > Limits.PromotionRecords)
            throw HoldErrors.Unreadable(
                target.DisplayName, $"{repository.Location} has {Format.Count(candidates.Count, "record")} of holds");
        var read = await Concurrently.SelectAsync(
            candidates,
            async (candidate, token) => (
                candidate.Digest,
                Origin: DocumentArtifact.Origin(repository, candidate),
                Statement: await HoldArtifact.ReadAsync(repository, candidate, anchor, token)),
            cancellationToken);
        foreach (var (document, origin, statement) in read)
        {
            if (statement is not null)
                Add(holds, target, image, origin, () => new FoundHold(statement, document, Key: null));
        }
    }

    private void Add(ImageHolds holds, PromotionTarget target, string image, string origin, Func<FoundHold> verify)
    {
        try
        {
            var found = verify();
            var statement = found.Statement;
            if (statement.Environment != target.Environment.Name || statement.Region != target.Region
                || statement.Place != target.ResourceUriOf(image))
                holds.Ignored.Add(HoldErrors.OfOtherPlace(origin, statement, target));
            else if (statement.Time - _time.GetUtcNow() <= TrustPolicy.ClockSkew)
                holds.Holds.Add(found);
            else if (statement.Held)
                throw HoldErrors.Unreadable(origin, $"its date {Format.Time(statement.Time)} is in the future");
            else
                holds.Ignored.Add(AttestationErrors.FromTheFuture(origin, statement.Time));
        }
        catch (GantryException fault) when (fault.Code != HoldErrors.UnreadableCode)
        {
            holds.Ignored.Add(fault);
        }
    }

    private FoundHold Verify(Attestation attestation, TrustPolicy trust, Digest anchor)
    {
        // Before anything that it says is used. Keys of promotions may expire for the next environment; a hold does not end by itself.
        var lasting = trust with { MaximumAge = null };
        var key = lasting.FindSigner(attestation);
        if (attestation.Statement.Subjects is not [var subject] || subject.Digest != anchor)
            throw AttestationErrors.OtherImage(attestation.Origin, anchor);
        var statement = HoldStatement.Read(attestation.Statement.Predicate, attestation.Origin);
        var now = _time.GetUtcNow();
        key = lasting.VerifyTime(attestation, key, statement.Time, statement.Time > now ? statement.Time : now);
        return new FoundHold(statement, attestation.Digest, key);
    }

    private static bool IsUnread(GantryException fault) =>
        fault.InnerException is GantryException { Kind: ErrorKind.NotFound or ErrorKind.DigestMismatch };
}

/// <summary>A statement that counts.</summary>
/// <param name="Statement">The statement.</param>
/// <param name="Document">The digest of the manifest that holds it.</param>
/// <param name="Key">The key that has signed it; null where the environment has none.</param>
internal sealed record FoundHold(HoldStatement Statement, Digest Document, TrustedKey? Key);

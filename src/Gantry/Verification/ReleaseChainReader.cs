using Gantry.Attestations;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Pruning;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Verification;

/// <summary>
/// Verifies the whole way of an image from the registries alone: how it was built, each promotion in order, gaps and bypasses. Writes
/// nothing.
/// </summary>
/// <param name="repositories">The client that opens registries.</param>
/// <param name="policy">The environments, with their keys.</param>
/// <param name="time">The clock; the system clock by default.</param>
public sealed class ReleaseChainReader(IRegistryClient repositories, VerificationPolicy policy, TimeProvider? time = null)
{
    private readonly DateTimeOffset _now = (time ?? TimeProvider.System).GetUtcNow();

    /// <summary>
    /// The client for each environment, when one has an identity of its own; the one of this reader by default.
    /// </summary>
    public Func<PromotionEnvironment, IRegistryClient>? ClientOf { get; init; }

    /// <summary>Reads the chain of an image. Throws the errors of registries that cannot be read.</summary>
    /// <param name="image">The name of the image.</param>
    /// <param name="digest">The digest of the image.</param>
    /// <param name="version">The version of the release; null when it is not known.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ReleaseChain> ReadAsync(string image, Digest digest, string? version, CancellationToken cancellationToken)
    {
        var findings = new List<ChainFinding>();
        var build = await FindBuildAsync(image, digest, version, findings, cancellationToken);
        var read = await Concurrently.SelectAsync(
            policy.Targets, (target, token) => ReadPlaceAsync(target, image, digest, version, token), cancellationToken);
        foreach (var place in read)
            findings.AddRange(place.Findings.Concat(VerifyOrder(place, read, build, image)));
        return new ReleaseChain
        {
            Image = image,
            Digest = digest,
            Version = version ?? read.SelectMany(place => place.Place.Promotions).LastOrDefault()?.Version,
            Build = build,
            Places = [.. read.Select(place => place.Place)],
            Findings = findings,
        };
    }

    private sealed record ReadPlace(VerifiedPlace Place, IReadOnlyList<ChainFinding> Findings);

    private async Task<VerifiedBuild?> FindBuildAsync(
        string image, Digest digest, string? version, List<ChainFinding> findings, CancellationToken cancellationToken)
    {
        var repository = repositories.Open(policy.Base, image);
        const string place = "base";
        if (policy.BaseTrust is not { } trust)
        {
            findings.Add(new(ChainFindingKind.Missing, place, VerificationErrors.Unsigned(repository.Location, image)));
            return null;
        }

        var found = await AttestationReferrer.FindAsync(repository, digest, PredicateTypes.Provenance, cancellationToken);
        var faults = new List<GantryException>(found.Faults);
        var others = new List<GantryException>();
        var builds = new List<VerifiedBuild>();
        var verifier = new ProvenanceVerifier(trust, _now);
        foreach (var attestation in found.Attestations)
        {
            try
            {
                var (provenance, key) = verifier.Verify(attestation, image, digest, version: null, commit: null);
                var named = provenance.BuildDefinition.ExternalParameters.Version;
                if ((version ?? named) != named)
                {
                    // Releases may share an image. What a trusted key has signed for another one is no fault of this one.
                    others.Add(AttestationErrors.OtherBuild(attestation.Origin, version!, "this image"));
                    continue;
                }

                builds.Add(new VerifiedBuild(provenance, key, attestation.Digest)
                {
                    SameStatements = [.. found.Attestations.Where(attestation.HasSamePayload).Select(other => other.Digest)],
                });
            }
            catch (GantryException fault)
            {
                faults.Add(fault);
            }
        }

        if (builds.Count == 0)
            faults.AddRange(others);
        findings.AddRange(Report(place, faults, isMissing: builds.Count == 0, () => AttestationErrors.Missing(
            "provenance", repository.Location, digest, others: "", "publish the release again, which signs how it was built")));
        return builds.MinBy(build => build.Provenance.Time);
    }

    private async Task<ReadPlace> ReadPlaceAsync(
        PromotionTarget target, string image, Digest digest, string? version, CancellationToken cancellationToken)
    {
        var repository = (ClientOf?.Invoke(target.Environment) ?? repositories).Open(target.Address, image);
        var isThere = version is null
            ? await repository.HasManifestAsync(digest, cancellationToken)
            : (await repository.ReadTagAsync(ReleaseTag.Of(version), cancellationToken))?.Digest == digest;
        if (!isThere)
            return new ReadPlace(new VerifiedPlace { Target = target, IsThere = false }, []);

        var found = await PromotionReferrer.FindAsync(repository, digest, RecordScope.Of(target, _now), version, cancellationToken);
        var place = new VerifiedPlace { Target = target, IsThere = true, Promotions = [.. found.Records.Reverse()] };
        var findings = new List<ChainFinding>();
        if (target.Trust is null)
            findings.Add(new(ChainFindingKind.Missing, target.DisplayName, VerificationErrors.Unsigned(target.DisplayName, image)));
        else
            findings.AddRange(Report(target.DisplayName, found.Ignored, isMissing: found.Records.Count == 0, () =>
                AttestationErrors.Missing(
                    $"signed promotion to {target.DisplayName}", repository.Location, digest, others: "",
                    $"promote the release to {target.Environment.Name} again, which signs it")));
        foreach (var previous in place.Promotions.Select(promotion => promotion.Previous).OfType<Digest>().Distinct())
        {
            if (!await repository.HasManifestAsync(previous, cancellationToken)
                && !await IsPrunedAsync(repository, target, image, previous, cancellationToken))
                findings.Add(new(ChainFindingKind.Broken, target.DisplayName, VerificationErrors.Gap(target.DisplayName, image, previous)));
        }

        return new ReadPlace(place, findings);
    }

    // What was deleted on purpose is no gap: a record says when and by whom, with the same keys as promotions.
    private static async Task<bool> IsPrunedAsync(
        IImageRepository repository, PromotionTarget target, string image, Digest attestation, CancellationToken cancellationToken)
    {
        var records = await PruningRecords.FindAsync(repository, target.ResourceUriOf(image), target.Trust, cancellationToken);
        return records.SelectMany(record => record.Items).Any(item => item.Parts.Contains(attestation));
    }

    // Where nothing counts, the attestation that came farthest says why. Where something does, the others are only worth a look.
    private static IEnumerable<ChainFinding> Report(
        string place, IReadOnlyList<GantryException> faults, bool isMissing, Func<GantryException> missing)
    {
        if (!isMissing)
            return faults.Select(fault => new ChainFinding(ChainFindingKind.Ignored, place, fault));
        return SignedPromotions.Nearest(faults) is { } nearest
            ? [new ChainFinding(nearest.Code == "GAN4211" ? ChainFindingKind.Missing : ChainFindingKind.Invalid, place, nearest)]
            : [new ChainFinding(ChainFindingKind.Missing, place, missing())];
    }

    // A promotion names what it was verified with. That must be there, count, and be earlier.
    private IEnumerable<ChainFinding> VerifyOrder(ReadPlace read, IReadOnlyList<ReadPlace> all, VerifiedBuild? build, string image)
    {
        var place = read.Place;
        if (place.Target.Trust is null || place.Promotions is not [.., var latest])
            yield break;
        if (latest.IsOpenBypass)
            yield return new(
                ChainFindingKind.Bypassed,
                place.Target.DisplayName,
                VerificationErrors.Bypassed(place.Target.DisplayName, image, latest.Bypass!));
        foreach (var promotion in place.Promotions.Where(promotion => promotion.BreakGlass is null))
        {
            if (FindDisorder(place.Target, promotion, all, build) is { } reason)
                yield return new(
                    ChainFindingKind.Broken,
                    place.Target.DisplayName,
                    VerificationErrors.OutOfOrder(place.Target.DisplayName, image, reason));
        }
    }

    private string? FindDisorder(
        PromotionTarget target, PromotionRecord promotion, IReadOnlyList<ReadPlace> all, VerifiedBuild? build)
    {
        var inputs = promotion.Signature!.Inputs
            .Select(input => input.Digest?.GetValueOrDefault("sha256"))
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        if (target.Environment.After is not { } before)
            return policy.BaseTrust is null || build is null || build.SameStatements.Any(same => inputs.Contains(same.Hex)) ? null
                : "its promotion does not name the provenance of its build";
        foreach (var earlier in all.Where(each => each.Place.Target.Environment == before && each.Place.Target.Trust is not null))
        {
            var evidence = earlier.Place.Promotions.Where(each => inputs.Contains(each.Signature!.Attestation.Hex)
                || (each.Renews is { } renewed && inputs.Contains(renewed.Hex))).ToList();
            if (evidence.Count == 0)
                return $"the promotion of {Format.Time(promotion.Promoted)} names none to {earlier.Place.Target.DisplayName} that counts";
            if (evidence.All(each => each.Promoted - promotion.Promoted > TrustPolicy.ClockSkew))
                return $"the promotion of {Format.Time(promotion.Promoted)} is earlier than that to {earlier.Place.Target.DisplayName}";
        }

        return null;
    }
}

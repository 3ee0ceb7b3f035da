using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Signing;

namespace Gantry.Promotion.Gates;

/// <summary>A statement whose signature counts.</summary>
/// <param name="Attestation">The attestation.</param>
/// <param name="Key">The key that has signed it.</param>
/// <param name="Time">The time that it names; null when its type has none.</param>
internal sealed record SignedStatement(Attestation Attestation, TrustedKey Key, DateTimeOffset? Time)
{
    public string By => Time is { } time ? $"signed with {Key.Name} at {Format.Time(time)}" : $"signed with {Key.Name}";
}

/// <summary>The statements of one type beside an image.</summary>
/// <param name="Valid">Those that count.</param>
/// <param name="Refused">The reason for each that does not.</param>
internal sealed record SignedEvidence(IReadOnlyList<SignedStatement> Valid, IReadOnlyList<string> Refused)
{
    /// <summary>
    /// Finds the statements of one type that are about an image, signed with a trusted key, at a time at which it counts. A statement
    /// without a time is as of now: its key must count now, and it never satisfies a maximum age.
    /// </summary>
    public static async Task<SignedEvidence> FindAsync(
        IImageRepository repository, Digest image, string predicateType, TrustPolicy trust, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var found = await AttestationReferrer.FindAsync(repository, image, predicateType, cancellationToken);
        var valid = new List<SignedStatement>();
        var refused = found.Faults.Select(fault => fault.Problem).ToList();
        foreach (var attestation in found.Attestations)
        {
            try
            {
                valid.Add(Verify(attestation, image, trust, now));
            }
            catch (GantryException error)
            {
                refused.Add(error.Problem);
            }
        }

        return new SignedEvidence(valid, refused);
    }

    private static SignedStatement Verify(Attestation attestation, Digest image, TrustPolicy trust, DateTimeOffset now)
    {
        // Nothing that it says is used before.
        var signer = trust.FindSigner(attestation);
        if (!attestation.Statement.IsAbout(image))
            throw AttestationErrors.OtherImage(attestation.Origin, image);
        var time = FindTime(attestation);
        if (time is null && trust.MaximumAge is not null)
            throw AttestationErrors.Malformed(attestation.Origin, "it names no time, so its age is not known");
        var signed = IsOfSigning(attestation, signer, trust.MaximumAge, time) ? time!.Value : now;
        return new SignedStatement(attestation, trust.VerifyTime(attestation, signer, signed, now), time);
    }

    // An SBOM that is the same for the same commit has the time of the commit, at which a key of today did not count.
    private static bool IsOfSigning(
        Attestation attestation, TrustedKey signer, TimeSpan? maximumAge, DateTimeOffset? time) =>
        time is { } named
        && (attestation.Statement.PredicateType != PredicateTypes.CycloneDx
            || maximumAge is not null
            || signer.IsValidAt(named));

    private static DateTimeOffset? FindTime(Attestation attestation)
    {
        try
        {
            return ForeignJson.Read(attestation.Statement.Predicate, _ => StatementTime.Find(attestation.Statement));
        }
        catch (InvalidDataException exception)
        {
            throw AttestationErrors.Malformed(attestation.Origin, exception.Message, exception);
        }
    }
}

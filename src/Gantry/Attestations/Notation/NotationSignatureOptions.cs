namespace Gantry.Attestations.Notation;

/// <summary>Options for <see cref="NotationSignature.SignAsync"/>.</summary>
public sealed record NotationSignatureOptions
{
    /// <summary>The time of the signature, to the second.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The time after which the signature is not to be used; null for never. Verifiers must understand it.</summary>
    public DateTimeOffset? Expiry { get; init; }

    /// <summary>The annotations that are signed with the image: its version, for example.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>The name of the program that signs, which is not signed.</summary>
    public string Agent { get; init; } = "gantry";

    /// <summary>Returns the reason why they cannot be signed; null when they can.</summary>
    internal string? Validate()
    {
        var names = Annotations.Keys;
        if (names.FirstOrDefault(name => name.StartsWith(NotationSignature.ReservedPrefix, StringComparison.Ordinal)) is { } reserved)
            return $"The annotation {reserved} has a reserved name.";
        return Expiry <= Time ? "The expiry is not after the time of the signature." : null;
    }
}

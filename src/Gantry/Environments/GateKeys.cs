namespace Gantry.Environments;

/// <summary>Validates the key files that a gate names.</summary>
internal static class GateKeys
{
    /// <summary>Returns the reason why no signature could count; null when some can.</summary>
    public static string? Validate(IReadOnlyList<string> keys, int minimum = 1)
    {
        if (minimum < 1)
            return $"it asks for {Format.Count(minimum, "key")}";
        if (keys.Any(string.IsNullOrWhiteSpace))
            return "a key file has no name";
        var different = keys.Distinct(StringComparer.Ordinal).Count();
        return different < minimum ? $"it asks for {Format.Count(minimum, "key")} and trusts {Format.Count(different, "key")}" : null;
    }

    /// <summary>Returns the reason why a maximum age lets nothing pass; null when it does, or there is none.</summary>
    public static string? ValidateAge(TimeSpan? maximum) => maximum <= TimeSpan.Zero ? "its maximum age is not positive" : null;
}

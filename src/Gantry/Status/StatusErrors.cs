namespace Gantry.Status;

/// <summary>What a status reports besides the errors of registries and records: GAN4401.</summary>
internal static class StatusErrors
{
    public static GantryException Behind(string place, string version, int count, string before, string current) =>
        new(
            "GAN4401",
            $"{place} has {version}, and {Format.Count(count, "release")} followed in {before}, the last of them {current}",
            $"promote {current} to {place}, or leave it as it is: this is no error");
}

namespace Gantry.Registries.Distribution;

/// <summary>
/// The registries that hold copies of a repository. What is read by its digest may come from anywhere, because it is verified; so a mirror
/// that fails, or lacks something, costs time and nothing else.
/// </summary>
internal sealed class MirrorList(RegistryConnections connections, string host, string repository)
{
    /// <summary>Reads from the first mirror that can give it; null when none can.</summary>
    public async Task<T?> TryAsync<T>(Func<DistributionRepository, Task<T?>> read)
        where T : class
    {
        foreach (var mirror in connections.Options.Mirrors.GetValueOrDefault(host, []))
        {
            try
            {
                // A mirror's own mirrors are not asked: two that name each other would never come to an end.
                if (await read(new DistributionRepository(connections, mirror, mirror.FullRepository(repository))) is { } found)
                    return found;
            }
            catch (GantryException)
            {
                // The next one, and in the end the registry itself, tells what is wrong, if anything is.
            }
        }

        return null;
    }
}

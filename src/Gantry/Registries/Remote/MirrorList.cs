namespace Gantry.Registries.Remote;

/// <summary>
/// The registries that hold copies of a repository. What is read by its digest may come from anywhere, because it is verified; so a mirror
/// that fails, lies or lacks something costs time and nothing else.
/// </summary>
internal sealed class MirrorList(RegistryConnections connections, string host, string repository)
{
    /// <summary>The mirrors that have not given anything wrong so far, in their order.</summary>
    public IReadOnlyList<DistributionRepository> Trusted =>
    [
        // A mirror's own mirrors are not asked: two that name each other would never come to an end.
        .. connections.Options.Mirrors.GetValueOrDefault(host, [])
            .Select(mirror => new DistributionRepository(connections, mirror, mirror.FullRepository(repository)))
            .Where(mirror => !connections.DistrustedMirrors.ContainsKey(mirror.Location)),
    ];

    /// <summary>Reads from the first mirror that can give it; null when none can.</summary>
    public async Task<T?> TryAsync<T>(Func<DistributionRepository, Task<T?>> read)
        where T : class
    {
        foreach (var mirror in Trusted)
        {
            try
            {
                if (await read(mirror) is { } found)
                    return found;
            }
            catch (GantryException)
            {
                // The next one, and in the end the registry itself, tells what is wrong, if anything is.
            }
        }

        return null;
    }

    /// <summary>These gave something that they should not have: from now on they are left out.</summary>
    public void Distrust(IEnumerable<DistributionRepository> mirrors)
    {
        foreach (var mirror in mirrors)
            connections.DistrustedMirrors.TryAdd(mirror.Location, 0);
    }
}

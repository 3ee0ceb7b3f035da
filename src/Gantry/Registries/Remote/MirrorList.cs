namespace Gantry.Registries.Remote;

/// <summary>
/// The mirrors of a repository. Content that is read by digest may come from anywhere, because it is verified; so a mirror that fails, lies
/// or is incomplete only costs time.
/// </summary>
internal sealed class MirrorList(RegistryConnections connections, string host, string repository)
{
    /// <summary>The mirrors that have not returned wrong content so far, in their order.</summary>
    public IReadOnlyList<DistributionRepository> Trusted =>
    [
        // A mirror's own mirrors are not used: two that name each other would loop.
        .. connections.Options.Mirrors.GetValueOrDefault(host, [])
            .Select(mirror => new DistributionRepository(connections, mirror, mirror.FullRepository(repository)))
            .Where(mirror => !connections.DistrustedMirrors.ContainsKey(mirror.Location)),
    ];

    /// <summary>Reads from the first mirror that has the content; returns null when none has it.</summary>
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
                // The next mirror, and finally the registry itself, reports the error if there is one.
            }
        }

        return null;
    }

    /// <summary>Excludes mirrors that returned wrong content from further requests.</summary>
    public void Distrust(IEnumerable<DistributionRepository> mirrors)
    {
        foreach (var mirror in mirrors)
            connections.DistrustedMirrors.TryAdd(mirror.Location, 0);
    }
}

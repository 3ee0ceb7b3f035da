namespace Gantry.Registries.Remote;

/// <summary>
/// The mirrors of a repository. Content that is read by digest may come from anywhere, because it is verified; so a mirror that fails, lies
/// or is incomplete only costs time.
/// </summary>
internal sealed class MirrorList(RegistryConnections connections, string host, string repository)
{
    // Others have the same content: a mirror gets less time than the registry itself.
    private TimeSpan Patience => connections.Options.NoProgressTimeout / 4;

    /// <summary>The mirrors that have not returned wrong content so far, in their order.</summary>
    public IReadOnlyList<DistributionRepository> Trusted =>
    [
        // A mirror's own mirrors are not used: two that name each other would loop.
        .. connections.Options.Mirrors.GetValueOrDefault(host, [])
            .Select(mirror => new DistributionRepository(connections, mirror, mirror.FullRepository(repository)) { Patience = Patience })
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
            catch (GantryException failure)
            {
                // The next mirror, and finally the registry itself, reports the error if there is one.
                if (failure.Kind is ErrorKind.Stalled or ErrorKind.Unreachable)
                    Distrust([mirror]);
            }
        }

        return null;
    }

    /// <summary>Excludes mirrors that returned wrong content, or nothing in time, from further requests.</summary>
    public void Distrust(IEnumerable<DistributionRepository> mirrors)
    {
        foreach (var mirror in mirrors)
            connections.DistrustedMirrors.TryAdd(mirror.Location, 0);
    }
}

using System.Collections.Concurrent;
using Gantry.Http;
using Gantry.Oci;
using Gantry.Registries.Archives;
using Gantry.Registries.Layout;
using Gantry.Registries.Remote;

namespace Gantry.Registries;

/// <summary>
/// Opens repositories in registries, in OCI layout folders and in archives. Everything opened here shares connections, access tokens,
/// pauses that registries ask for, and the known capabilities of each registry.
/// </summary>
public sealed class RegistrySession : IRegistryClient, IAsyncDisposable
{
    private readonly RegistrySessionOptions _options;
    private readonly RegistryConnections _connections;
    private readonly ConcurrentDictionary<string, LayoutFolder> _layouts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ArchiveAddress, ILayoutStore> _archives = new();

    /// <summary>Starts a session. No request is sent yet.</summary>
    public RegistrySession(RegistrySessionOptions? options = null)
    {
        _options = options ?? new RegistrySessionOptions();
        _connections = new RegistryConnections(_options);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// An archive can be opened with an empty name, for all its images; otherwise for the images with that name and those without a name.
    /// Content that is written to an archive becomes visible after <see cref="IImageRepository.CompleteAsync"/>.
    /// </remarks>
    /// <exception cref="GantryException"><c>GAN1008</c>: the name is not a valid repository name; <c>GAN2024</c>: a layout folder cannot
    /// hold it.</exception>
    public IImageRepository Open(RegistryAddress address, string repository)
    {
        if (address is ArchiveAddress archive)
            return new LayoutRepository(
                OpenArchive(archive),
                RefNames.ForRepository(repository.Length == 0 ? null : repository),
                archive.ToString(),
                archive.Describe(repository),
                _options.Log);

        Names.Repository(repository);
        return address switch
        {
            HostAddress host => new DistributionRepository(_connections, host, Names.Repository(host.FullRepository(repository))),
            LayoutAddress layout => new LayoutFolderRepository(
                OpenFolder(layout, repository), layout.ToString(), layout.Describe(repository), _options.Log),
            _ => throw new NotSupportedException($"Addresses of type {address.GetType().Name} cannot be opened."),
        };
    }

    /// <summary>
    /// Sends a request beside the distribution API to a registry, with the connections, credentials, pauses and retries of this session.
    /// </summary>
    /// <exception cref="GantryException">GAN2001 to GAN2025: there is no answer, or the credential is not accepted.</exception>
    public Task<RegistryApiAnswer> SendAsync(RegistryApiRequest request, CancellationToken cancellationToken)
    {
        var host = _connections.Host(request.Host);
        var call = host.Request(request.Method, host.Address(request.Path), request.What, [.. TokenScope.Parse(request.Scope)]) with
        {
            Accept = "application/json",
            Content = request.Json is { } json
                ? () => new ByteArrayContent(json) { Headers = { { "Content-Type", "application/json" } } }
                : null,
        };
        return host.SendAsync(
            call,
            async (answer, token) => answer.IsSuccess
                ? new RegistryApiAnswer(
                    answer.StatusCode, answer.MediaType, await answer.ReadBytesAsync(Limits.AnswerBytes, request.What, token), null)
                : new RegistryApiAnswer(answer.StatusCode, answer.MediaType, [], (await ErrorReader.ReadAsync(answer, token)).Reason),
            cancellationToken);
    }

    /// <summary>Closes the connections. Repositories that were opened here cannot be used any more.</summary>
    public ValueTask DisposeAsync()
    {
        _connections.Dispose();
        foreach (var layout in _layouts.Values)
            layout.Dispose();
        foreach (var archive in _archives.Values.OfType<IDisposable>())
            archive.Dispose();
        return ValueTask.CompletedTask;
    }

    private ILayoutStore OpenArchive(ArchiveAddress address)
    {
        var path = Path.GetFullPath(address.File, Path.GetFullPath(_options.RootFolder));
        return _archives.GetOrAdd(address with { File = path }, _ => address.Format == ArchiveFormat.Oci
            ? new OciArchive(path, address.ToString(), _options)
            : new DockerArchive(path, address.ToString()));
    }

    // One object per folder, whatever name it was opened by: it is the lock between writers in this process.
    private LayoutFolder OpenFolder(LayoutAddress address, string repository)
    {
        var root = Path.GetFullPath(address.Folder, Path.GetFullPath(_options.RootFolder));
        return _layouts.GetOrAdd(LayoutFolder.PathOf(root, repository), path => new LayoutFolder(root, path, _options));
    }
}

using System.Collections.Concurrent;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Verification;

namespace Gantry.Status;

/// <summary>
/// Reads what runs where from the registries alone: each image in each registry of each environment, compared with its promotion and with
/// the base registry. Writes nothing. What cannot be read is a mark of the status, and hides nothing else.
/// </summary>
/// <remarks>
/// An image in an environment costs its tags, the digest of one and the referrers of that. What has a digest never changes, so a client
/// that caches contents (<see cref="CachedRegistryClient"/>) reads each manifest and record once.
/// </remarks>
/// <param name="repositories">The client that opens registries.</param>
/// <param name="policy">The environments, their registries and keys, and the images.</param>
/// <param name="time">The clock; the system clock by default.</param>
public sealed class StatusReader(IRegistryClient repositories, VerificationPolicy policy, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The client for each environment, when one has an identity of its own; the one of this reader by default.</summary>
    public Func<PromotionEnvironment, IRegistryClient>? ClientOf { get; init; }

    /// <summary>Finds the subjects of commits; null when there is no clone.</summary>
    public ICommitSubjects? Subjects { get; init; }

    /// <summary>What else is read: hosts, holds, base images. They are asked in their order.</summary>
    public IReadOnlyList<IStatusSource> Sources { get; init; } = [];

    /// <summary>The maximum number of versions of an image that are read, the highest first.</summary>
    public int MaximumVersions { get; init; } = 1000;

    /// <summary>Reads the status of all images in all environments.</summary>
    /// <param name="version">The version of the release to look for; null for the current release of each environment.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<FleetStatus> ReadAsync(string? version, CancellationToken cancellationToken)
    {
        var asOf = _time.GetUtcNow();
        var published = new BaseReleases(repositories, policy.Base, policy.Images, _time);

        // One read asks a registry each question once, whichever part of it asks.
        var clients = new ConcurrentDictionary<PromotionEnvironment, ReadOnceClient>();
        ReadOnceClient OpenerOf(PromotionEnvironment environment) => clients.GetOrAdd(
            environment, _ => new ReadOnceClient(ClientOf?.Invoke(environment) ?? repositories));
        var environments = RegionComparison.Compare(await Task.WhenAll(policy.Targets.Select(target =>
            new EnvironmentReader(OpenerOf(target.Environment), _time) { Base = published, MaximumVersions = MaximumVersions }
                .ReadAsync(target, policy.Images, version, cancellationToken))));

        var order = new StatusOrder(environments, OpenerOf, asOf);
        var disorders = await Concurrently.SelectAsync(environments, order.FindDisorderAsync, cancellationToken);
        var builds = new StatusBuilds(published, policy.BaseTrust, asOf);
        var cells = await Concurrently.SelectAsync(
            environments.Zip(disorders).SelectMany(read => policy.Images.Select(image => (read.First, read.Second, image))),
            async (read, token) =>
            {
                var (environment, disorder, image) = read;
                var repository = OpenerOf(environment.Target.Environment).Open(environment.Target.Address, image);
                return await DescribeAsync(environment, repository, image, order.FindLag(environment), disorder, builds, token);
            },
            cancellationToken);
        var status = new FleetStatus
        {
            AsOf = asOf,
            Images = policy.Images,
            Targets = policy.Targets,
            Cells = cells,
            Marks = StatusMarks.Sort([.. StatusMarks.Of(environments), .. cells.SelectMany(cell => cell.Marks)]),
            Notes = [.. environments.SelectMany(StatusNotes.Of)],
        };
        foreach (var source in Sources)
            status = Add(status, await source.ReadAsync(status, cancellationToken));
        return status;
    }

    private async Task<StatusCell> DescribeAsync(
        EnvironmentStatus status, IImageRepository repository, string image, Lag? lag, string? disorder, StatusBuilds builds,
        CancellationToken cancellationToken)
    {
        var cell = new StatusCell { Image = image, Target = status.Target, Marks = StatusMarks.Of(status, image) };
        if (status.Release is not { } release || release.Images.FirstOrDefault(each => each.Name == image) is not { } there)
            return cell;
        var build = await builds.FindAsync(repository, image, there.Digest, release.Version, cancellationToken);
        return cell with
        {
            Version = release.Version,
            Digest = there.Digest,
            Since = there.Record?.Promoted,
            Superseded = release.Superseded,
            Promotion = there.Record,
            Signature = SignatureOf(status, there),
            Commit = build?.Commit,
            Build = build?.Run,
            Subject = build is { Commit: { } commit } && Subjects is not null ? await Subjects.FindAsync(commit, cancellationToken) : null,
            Behind = lag?.Count,
            Marks = [.. cell.Marks, .. StatusMarks.Of(status.Target, release, there, disorder, lag)],
        };
    }

    private static SignatureState SignatureOf(EnvironmentStatus status, PromotedImage image) => image.Record switch
    {
        { Signature: not null } => SignatureState.Signed,
        not null => SignatureState.Unsigned,
        null when status.ImageProblems.Any(problem => problem.Image == image.Name && StatusMarks.IsOfAttestation(problem.Error)) =>
            SignatureState.Invalid,
        null => SignatureState.None,
    };

    private static FleetStatus Add(FleetStatus status, StatusAddition addition) => status with
    {
        Holds = [.. status.Holds, .. addition.Holds],
        Marks = StatusMarks.Sort([.. status.Marks, .. addition.Marks]),
        Cells = [.. status.Cells.Select(cell => addition.Marks.Where(mark => IsOf(mark, cell)).ToList() is { Count: > 0 } marks
            ? cell with { Marks = [.. cell.Marks, .. marks] }
            : cell)],
    };

    private static bool IsOf(StatusMark mark, StatusCell cell) => mark.Image == cell.Image && mark.Place == cell.Target.DisplayName;
}

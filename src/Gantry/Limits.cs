namespace Gantry;

/// <summary>
/// The limits of everything that is read: in bytes, numbers, depths, ratios and time. They are far above what real images need, and low
/// enough that nothing that is made on purpose fills the memory or the disk. What exceeds one is an error with a code that names it.
/// docs/limits.md lists them, and a test compares the two.
/// </summary>
public static class Limits
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    /// <summary>The time without progress after which an operation ends, over all its attempts; it can be set to another one.</summary>
    public static TimeSpan NoProgress { get; } = TimeSpan.FromMinutes(2);

    /// <summary>The time after which a person is told what is awaited, and again and again.</summary>
    public static TimeSpan NoticeInterval { get; } = TimeSpan.FromSeconds(15);

    /// <summary>The shortest pause that is reported to a person.</summary>
    public static TimeSpan ShortestPauseToReport { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The bytes of a manifest or an index: what registries accept at least (distribution-spec, "Pushing Manifests").</summary>
    public const int ManifestBytes = 4 * MiB;

    /// <summary>
    /// The bytes of all manifests of one image, and as many of all manifests that refer to it; also those of the configurations in an
    /// archive of <c>docker save</c>.
    /// </summary>
    public const int ImageManifestBytes = 32 * MiB;

    /// <summary>The manifests of one image, and as many that refer to it.</summary>
    public const int ImageManifests = 10_000;

    /// <summary>The blobs and manifests that all manifests of one image list.</summary>
    public const int ImageLinks = 100_000;

    /// <summary>The levels of indexes in indexes.</summary>
    public const int IndexDepth = 16;

    /// <summary>The bytes of a blob: ten times those of the largest that registries accept.</summary>
    public const long BlobBytes = 1024L * 1024 * MiB;

    /// <summary>The bytes of the configuration of a base image.</summary>
    public const int ImageConfigBytes = 8 * MiB;

    /// <summary>The bytes of a record of a promotion.</summary>
    public const int RecordBytes = MiB;

    /// <summary>The bytes of a record of a release, which lists its images: more than ten thousand of them.</summary>
    public const int ReleaseRecordBytes = 8 * MiB;

    /// <summary>The records of releases beside one image.</summary>
    public const int ReleaseRecords = 200;

    /// <summary>The releases that were made from one another by exchanging base layers, one after the other.</summary>
    public const int Rebases = 100;

    /// <summary>The records of promotions to one environment beside one image.</summary>
    public const int PromotionRecords = 500;

    /// <summary>The slices in which the images of a release are placed: the jobs that Azure Pipelines runs of one at most.</summary>
    public const int Slices = 99;

    /// <summary>The approvals that the record of a promotion has for one gate.</summary>
    public const int RecordedApprovals = 50;

    /// <summary>The approvals of an environment that a stage waits for, all of which are requested from the service at once.</summary>
    public const int RequestedApprovals = 40;

    /// <summary>The characters of the name of an approver, or of a group, that are recorded.</summary>
    public const int ApproverNameLength = 200;

    /// <summary>The characters of the comment of an approval that are recorded.</summary>
    public const int ApprovalCommentLength = 500;

    /// <summary>The pages of a list of the revisions of a host.</summary>
    public const int RevisionPages = 20;

    /// <summary>The findings of drift that a work item lists; the others are counted.</summary>
    public const int ListedFindings = 50;

    /// <summary>The latest work items about drift among which the open one is looked for.</summary>
    public const int DriftWorkItems = 50;

    /// <summary>The characters of the title of a work item, which Azure Boards accepts at most.</summary>
    public const int WorkItemTitleLength = 255;

    /// <summary>The bytes of a signed attestation, which may contain an SBOM.</summary>
    public const int AttestationBytes = 16 * MiB;

    /// <summary>The attestations of one kind beside one image.</summary>
    public const int Attestations = 1000;

    /// <summary>The bytes of a file with a key.</summary>
    public const int KeyFileBytes = 64 * KiB;

    /// <summary>The characters of the output of a command that signs.</summary>
    public const int SigningCommandLength = 64 * KiB;

    /// <summary>The bytes of a manifest or a blob that a cache keeps; a larger one is read from the registry each time.</summary>
    public const int CachedContentBytes = 256 * KiB;

    /// <summary>The bytes of all contents in a cache; those that were used least recently are deleted.</summary>
    public const int CacheBytes = 256 * MiB;

    /// <summary>The contents in a cache; those that were used least recently are deleted.</summary>
    public const int CacheEntries = 100_000;

    /// <summary>The bytes of all contents that one read remembers in memory; further ones are read again.</summary>
    public const int RememberedBytes = 64 * MiB;

    /// <summary>The bytes of one page of a list of tags or referrers.</summary>
    public const int ListPageBytes = 16 * MiB;

    /// <summary>The bytes of a list of tags that only saves other requests; a longer one is not used.</summary>
    public const int OptionalListBytes = 4 * MiB;

    /// <summary>The bytes of all pages of a list of tags or referrers.</summary>
    public const int ListBytes = 32 * MiB;

    /// <summary>The pages of a list.</summary>
    public const int ListPages = 10_000;

    /// <summary>The tags of a repository.</summary>
    public const int Tags = 1_000_000;

    /// <summary>The referrers of a manifest.</summary>
    public const int Referrers = 100_000;

    /// <summary>The manifests of one repository that are read to find out what may be deleted.</summary>
    public const int PrunedManifests = 200_000;

    /// <summary>The images that are deleted from one repository at once; the rest is in the next list.</summary>
    public const int PrunedImages = 5_000;

    /// <summary>The bytes of the answer of a token server or of an API beside the distribution API.</summary>
    public const int AnswerBytes = 256 * KiB;

    /// <summary>The bytes of the explanation of a refusal, and of the answer of a webhook or a health check.</summary>
    public const int ErrorBytes = 64 * KiB;

    /// <summary>The bytes of the headers of an answer.</summary>
    public const int HeaderBytes = 64 * KiB;

    /// <summary>The characters of a header that asks for a credential; what follows is not read.</summary>
    public const int ChallengeLength = 16 * KiB;

    /// <summary>The redirects of one request.</summary>
    public const int Redirects = 10;

    /// <summary>The levels of a JSON document that describes an image.</summary>
    public const int JsonDepth = 32;

    /// <summary>The levels of referrers of referrers that are listed.</summary>
    public const int ReferrerDepth = 4;

    /// <summary>The bytes of a record or an attestation that is shown, and of what is shown on a terminal.</summary>
    public const int ShownDocumentBytes = 64 * MiB;

    /// <summary>The characters of a password that is read from the standard input.</summary>
    public const int PasswordLength = 64 * KiB;

    /// <summary>The bytes of Docker's configuration.</summary>
    public const int DockerConfigBytes = 4 * MiB;

    /// <summary>The characters of the answer of a credential helper.</summary>
    public const int CredentialHelperLength = 64 * KiB;

    /// <summary>The bytes of the <c>oci-layout</c> of a layout or an archive.</summary>
    public const int LayoutVersionBytes = 64 * KiB;

    /// <summary>The bytes of the <c>index.json</c> of a layout or an archive: enough for tens of thousands of images.</summary>
    public const int LayoutIndexBytes = 8 * MiB;

    /// <summary>The entries of an archive.</summary>
    public const int ArchiveEntries = 200_000;

    /// <summary>The characters of all names in an archive.</summary>
    public const int ArchiveNames = 16 * MiB;

    /// <summary>The images in an archive of <c>docker save</c>.</summary>
    public const int SavedImages = 1000;

    /// <summary>The bytes that tar has about one entry: its name, its attributes.</summary>
    public const int TarHeaderBytes = MiB;

    /// <summary>The characters of a path in an archive or a layer: what Linux opens at most (PATH_MAX).</summary>
    public const int PathLength = 4096;

    /// <summary>The levels of folders of a path in a layer.</summary>
    public const int PathDepth = 256;

    /// <summary>The bytes of unpacked content for each packed byte, in archives and layers; real ones stay below 20.</summary>
    public const int UnpackRatio = 100;

    /// <summary>The bytes that a small archive or layer may have unpacked, whatever its ratio.</summary>
    public const int UnpackedBytesAlways = 64 * MiB;

    /// <summary>The files, folders and links of all layers of an image that is built on or described.</summary>
    public const int BaseImageEntries = 1_000_000;

    /// <summary>
    /// The characters of all paths and links, and the bytes of user databases and lists of packages, in the layers of an image.
    /// </summary>
    public const int BaseImagePaths = 128 * MiB;

    /// <summary>The links that are followed for one path of an image.</summary>
    public const int Links = 255;

    /// <summary>The bytes of <c>/etc/passwd</c> and <c>/etc/group</c> in a base image; larger ones have no names.</summary>
    public const int UserDatabaseBytes = MiB;

    /// <summary>The bytes of a list of packages in an image; a larger one is not read, and the SBOM says so.</summary>
    public const int PackageFileBytes = 16 * MiB;

    /// <summary>The bytes that a decoder of zstd keeps of what it has unpacked.</summary>
    public const int ZstdWindowBytes = 128 * MiB;

    /// <summary>The bytes of an SBOM: when it is signed, it is still smaller than an attestation may be.</summary>
    public const int SbomBytes = 8 * MiB;

    /// <summary>The components of an SBOM.</summary>
    public const int SbomComponents = 20_000;

    /// <summary>The dependencies between components of an SBOM.</summary>
    public const int SbomDependencies = 200_000;

    /// <summary>The files that an SBOM names for one component; further ones are left out.</summary>
    public const int SbomPlaces = 20;

    /// <summary>The notes about what an SBOM does not contain; further ones are counted.</summary>
    public const int SbomNotes = 100;

    /// <summary>The SBOMs beside one image that are compared with those of another.</summary>
    public const int ComparedSboms = 10;

    /// <summary>The platforms of one image that are compared; further ones are named as not compared.</summary>
    public const int ComparedPlatforms = 32;

    /// <summary>The commits between two releases in each direction; earlier ones are left out, and the difference says so.</summary>
    public const int Commits = 1000;

    /// <summary>The characters that git writes about the commits between two releases.</summary>
    public const int CommitLogLength = 4 * MiB;

    /// <summary>The files that differ between two images; further ones are left out, and the difference says so.</summary>
    public const int ChangedFiles = 10_000;

    /// <summary>The highest versions among which the plan of a promotion looks for the release that it replaces.</summary>
    public const int ReplacedVersions = 10;

    /// <summary>The time after which a plan is shown without what the promotion changes in its environment.</summary>
    public static TimeSpan PlanDifferences { get; } = TimeSpan.FromSeconds(15);

    /// <summary>The bytes of a request to the page that this machine serves.</summary>
    public const int PageRequestBytes = 8 * KiB;

    /// <summary>The bytes of a part of a library that a stand-in base image is made of.</summary>
    public const int LibraryPartBytes = 64 * MiB;

    /// <summary>The links that are followed for one path of a build context.</summary>
    public const int ContextLinks = 40;

    /// <summary>The bytes of a Dockerfile or a .dockerignore file.</summary>
    public const int DockerfileBytes = MiB;

    /// <summary>The characters that all values of a Dockerfile have together, with the values of their variables.</summary>
    public const int DockerfileText = 4 * MiB;

    /// <summary>The levels of <c>${a:-${b:-…}}</c> in a Dockerfile.</summary>
    public const int DockerfileDepth = 64;

    /// <summary>The files of a folder of sources that are compared before it is published again.</summary>
    public const int PublishedSources = 20_000;

    /// <summary>The rules of a .dockerignore file.</summary>
    public const int IgnoreRules = 10_000;
}

using System.Text;
using Gantry.Images.Dockerfiles;
using Gantry.Images.Layers;

namespace Gantry.Images.StandIn;

/// <summary>Selects the files of this machine for the stand-in, and their paths in the image.</summary>
internal static class StandInFiles
{
    public const string DotNetRoot = "/usr/share/dotnet";
    public const string Certificates = "/etc/ssl/certs/ca-certificates.crt";

    /// <summary>The application user of Microsoft's images.</summary>
    public const int AppUserId = 1654;

    // These files come from no instruction, but a plan needs a position for conflicts.
    private static readonly SourceLine Origin = new("stand-in", 0);

    // Libraries that .NET loads when it needs them: for TLS, and for host names with C libraries before glibc 2.34.
    private static readonly string[] LoadedLater =
        [
            "libssl.so.3", "libcrypto.so.3", "libssl.so.1.1", "libcrypto.so.1.1", "libz.so.1", "libresolv.so.2", "libnss_dns.so.2",
            "libnss_files.so.2",
        ];

    private static readonly string[] CertificateBundles =
        [Certificates, "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"];

    /// <summary>
    /// Plans the layer with the C runtime, users and certificates; returns null when the loader or the C library cannot be found.
    /// </summary>
    public static LayerPlan? PlanSystem(DotNetInstallation dotnet, ImageTree tree)
    {
        var program = Path.Combine(dotnet.Root, "dotnet");
        if (ElfFile.TryRead(program) is not { Loader: { } loader } elf || !File.Exists(loader))
            return null;

        var native = dotnet.Files()
            .Select(file => Path.Combine(dotnet.Root, file))
            .Where(file => file == program || file.EndsWith(".so", StringComparison.Ordinal));
        var libraries = new SystemLibraries(elf.Machine).FindClosure(native, LoadedLater);
        if (libraries.FirstOrDefault(library => library.Key.StartsWith("libc.", StringComparison.Ordinal)).Value is not { } libc)
            return null;

        var plan = new LayerPlan(tree, DateTimeOffset.UnixEpoch);
        AddSkeleton(plan);
        AddFile(plan, loader, loader, executable: true);
        foreach (var (name, path) in libraries)
        {
            // All go to the folder of the C library, where the loader looks by default.
            var target = ImagePath.Child(Path.GetDirectoryName(libc)!, name);
            if (target != loader)
                AddFile(plan, target, path, executable: false);
        }

        if (Array.Find(CertificateBundles, File.Exists) is { } bundle)
            AddFile(plan, Certificates, bundle, executable: false);
        return plan;
    }

    /// <summary>The .NET runtime.</summary>
    public static LayerPlan PlanDotNet(DotNetInstallation dotnet, ImageTree tree)
    {
        var plan = new LayerPlan(tree, DateTimeOffset.UnixEpoch);
        foreach (var file in dotnet.Files())
            AddFile(
                plan, $"{DotNetRoot}/{file}", Path.Combine(dotnet.Root, file), file is "dotnet" || Path.GetFileName(file) is "createdump");

        plan.EnsureDirectory("/usr/bin", Ownership.Root, Origin);
        plan.Put(new LayerEntry("/usr/bin/dotnet", FileKind.SymbolicLink)
        {
            Mode = FileModes.Link, Owner = Ownership.Root, ModifiedAt = plan.Time, LinkTarget = $"{DotNetRoot}/dotnet",
        });
        return plan;
    }

    private static void AddSkeleton(LayerPlan plan)
    {
        foreach (var directory in (string[])["/dev", "/proc", "/sys", "/etc", "/root", "/home"])
            plan.EnsureDirectory(directory, Ownership.Root, Origin);
        plan.EnsureDirectory("/home/app", new Ownership(AppUserId, AppUserId), Origin);
        plan.Put(new LayerEntry("/tmp", FileKind.Directory)
        {
            Mode = FileModes.SharedDirectory,
            Owner = Ownership.Root,
            ModifiedAt = plan.Time,
        });

        AddText(
            plan,
            "/etc/passwd",
            "root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n"
                + $"app:x:{AppUserId}:{AppUserId}::/home/app:/sbin/nologin\n");
        AddText(plan, "/etc/group", $"root:x:0:\nnogroup:x:65534:\napp:x:{AppUserId}:\n");
        AddText(plan, "/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
    }

    private static void AddText(LayerPlan plan, string path, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        plan.Put(new LayerEntry(path, FileKind.File)
        {
            Mode = FileModes.Regular, Owner = Ownership.Root, ModifiedAt = plan.Time, Size = content.Length, Content = content,
        });
    }

    private static void AddFile(LayerPlan plan, string path, string source, bool executable)
    {
        plan.EnsureDirectory(ImagePath.Parent(path), Ownership.Root, Origin);

        // Libraries are links to files with their full version; only the content matters.
        var file = new FileInfo(source);
        var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        plan.Put(new LayerEntry(path, FileKind.File)
        {
            Mode = executable ? FileModes.Executable : FileModes.Regular,
            Owner = Ownership.Root,
            ModifiedAt = plan.Time,
            Size = target.Length,
            SourceFile = target.FullName,
        });
    }
}

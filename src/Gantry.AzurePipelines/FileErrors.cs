namespace Gantry.AzurePipelines;

/// <summary>GAN8050, GAN8060 to GAN8063: generated files, and what keeps them from being generated.</summary>
internal static class FileErrors
{
    public static Diagnostic UnusableFile(string path, string file, string reason) =>
        Error(
            "GAN8050",
            $"'{file}' cannot be a file to generate: {reason}",
            "write a path relative to the root of the repository, with '/' between folders",
            path);

    public static Diagnostic DuplicateFile(string path, string file) =>
        Error("GAN8050", $"'{file}' would be written more than once", "give each file a name of its own", path);

    public static GantryException UnreadableFile(string path, Exception inner) =>
        new("GAN8060", $"the generated file '{path}' cannot be read: {inner.Message.TrimEnd('.')}", "check its permissions", inner);

    public static GantryException StaleFiles(IReadOnlyList<FileDifference> files) => new(
        "GAN8061",
        files is [var only]
            ? $"the generated file '{only.Path}' {Describe(only.State)}"
            : $"{Format.Count(files.Count, "generated file")} are not what the declaration says: {string.Join(", ", files.Select(Name))}",
        "run the build on your machine, which regenerates it, and commit the result");

    public static GantryException UnmergeableFile(string path, string reason, Exception? inner = null) =>
        new(
            "GAN8062",
            $"what you wrote into '{path}' would be lost when it is regenerated: {reason}",
            "remove what cannot be kept, or leave that editor out of the run configurations",
            inner);

    public static GantryException UnwritableFile(string path, Exception inner) =>
        new("GAN8063", $"the generated file '{path}' cannot be written: {inner.Message.TrimEnd('.')}", "check its permissions", inner);

    // Every error is named: a person who corrects only the first would find the next one with the next run.
    public static GantryException Invalid(IReadOnlyList<Diagnostic> errors) =>
        errors is [var only] ? only.ToException()
        : new(
            errors[0].Code,
            $"{errors[0].Problem} ({errors[0].DeclarationPath}), and {Format.Count(errors.Count - 1, "more error")}: "
                + string.Join("; ", errors.Skip(1).Select(error => $"{error.Code}: {error.Problem} ({error.DeclarationPath})")),
            string.Join("; ", errors.Select(error => error.Remedy).Distinct()));

    private static string Name(FileDifference file) => file.State == FileState.Stale ? file.Path : $"{file.Path} ({Describe(file.State)})";

    private static string Describe(FileState state) => state switch
    {
        FileState.Missing => "is missing",
        FileState.Orphaned => "is orphaned: nothing that is declared makes it",
        _ => "is not what the declaration says",
    };

    private static Diagnostic Error(string code, string problem, string remedy, string path) =>
        new(code, DiagnosticSeverity.Error, problem, remedy, path);
}

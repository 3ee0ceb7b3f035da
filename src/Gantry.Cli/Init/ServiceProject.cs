namespace Gantry.Cli.Init;

/// <summary>A project that becomes an image.</summary>
/// <param name="Image">The name of the image.</param>
/// <param name="Path">The project file, relative to the root, with forward slashes.</param>
/// <param name="AssemblyName">The name of its assembly, which the image starts.</param>
/// <param name="Framework">The version of .NET that it is for: <c>10.0</c>.</param>
/// <param name="IsWeb">True when it needs ASP.NET Core.</param>
internal sealed record ServiceProject(string Image, string Path, string AssemblyName, string Framework, bool IsWeb)
{
    /// <summary>The image that has the runtime of the project.</summary>
    public string BaseImage => $"mcr.microsoft.com/dotnet/{(IsWeb ? "aspnet" : "runtime")}:{Framework}";

    /// <summary>The Dockerfile that the build adds, relative to the root.</summary>
    public string Dockerfile => $"build/{Image}.Dockerfile";
}

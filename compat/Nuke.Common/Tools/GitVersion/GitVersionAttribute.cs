using System.Reflection;
using Nuke.Common.CI.AzurePipelines;
using Nuke.Common.Tooling;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Tools.GitVersion;

/// <summary>The version of what is checked out.</summary>
public class GitVersionAttribute : ValueInjectionAttributeBase
{
    public string Framework { get; set; }
    public bool UpdateAssemblyInfo { get; set; }
    public bool UpdateBuildNumber { get; set; } = true;
    public bool NoFetch { get; set; }
    public bool NoCache { get; set; } = true;

    public override object GetValue(MemberInfo member, object instance)
    {
        var version = GitVersionTasks.GitVersion(x => x
                .SetFramework(Framework)
                .SetNoFetch(NoFetch)
                .SetNoCache(NoCache)
                .SetUpdateAssemblyInfo(UpdateAssemblyInfo)
                .SetProcessWorkingDirectory(Build.RootDirectory)
                .DisableProcessOutputLogging())
            .Result;
        if (UpdateBuildNumber)
            AzurePipelines.Instance?.UpdateBuildNumber(version.FullSemVer);
        return version;
    }
}

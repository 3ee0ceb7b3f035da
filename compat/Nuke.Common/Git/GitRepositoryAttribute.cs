using System.Reflection;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Git;

public class GitRepositoryAttribute : ValueInjectionAttributeBase
{
    public override object GetValue(MemberInfo member, object instance) => GitRepository.FromLocalDirectory(Build.RootDirectory);
}

public static class GitRepositoryExtensions
{
    public static bool IsOnMainBranch(this GitRepository repository) => repository.Branch == "main";
    public static bool IsOnMasterBranch(this GitRepository repository) => repository.Branch == "master";
    public static bool IsOnMainOrMasterBranch(this GitRepository repository) =>
        repository.IsOnMainBranch() || repository.IsOnMasterBranch();
}

using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.Utilities;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>Holds what scheduled targets require, before any of them is executed.</summary>
internal static class Requirements
{
    public static void Validate(NukeBuild build)
    {
        foreach (var target in build.ScheduledTargets)
        foreach (var requirement in target.DelegateRequirements)
        {
            if (requirement is Expression<Func<bool>> condition)
                Assert.True(condition.Compile(preferInterpretation: true)(), $"Target '{target.Name}' requires '{requirement.Body}'");
            else
                Validate(build, requirement.GetMemberInfo(), $"Target '{target.Name}' requires ");
        }

        foreach (var (member, _) in InjectionMembers.Of(build.GetType()).Where(x => x.Member.HasCustomAttribute<RequiredAttribute>()))
            Validate(build, member, "The build requires ");
    }

    private static void Validate(NukeBuild build, MemberInfo member, string requirement)
    {
        member = Implementation(build, member);
        Assert.True(member.HasCustomAttribute<ValueInjectionAttributeBase>(),
            $"{requirement}member '{member.Name}', which is not marked with an injection attribute");

        if (!IsMissing(build, member))
            return;
        if (member.HasCustomAttribute<ParameterAttribute>() && ParameterPrompt.IsPossible(build))
            ParameterPrompt.Ask(build, member);
        if (IsMissing(build, member))
            Assert.Fail(requirement + Describe(build, member));
    }

    private static bool IsMissing(NukeBuild build, MemberInfo member)
        => member.GetValue(build) is null or "" || (member.GetValue(build) is string text && string.IsNullOrWhiteSpace(text));

    private static string Describe(INukeBuild build, MemberInfo member)
    {
        if (member.GetCustomAttribute<ValueInjectionAttributeBase>()?.GetType() != typeof(ParameterAttribute))
            return $"member '{member.Name}' to be not null or empty";

        var name = ParameterService.GetMemberName(member);
        var description = ParameterService.GetDescription(member) is { } text ? $" ({text})" : string.Empty;
        return $"parameter '{name}'{description}; pass it as --{ParameterService.GetDashedName(member)} <value>, " +
               $"as environment variable {name}, or in {Constants.DirectoryOf(build.RootDirectory).Name}/parameters.json";
    }

    private static MemberInfo Implementation(NukeBuild build, MemberInfo member)
        => member.DeclaringType != build.GetType()
            ? build.GetType().GetMember(member.Name).SingleOrDefault() ?? member
            : member;
}

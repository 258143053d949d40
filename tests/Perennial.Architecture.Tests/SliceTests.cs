using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;

namespace Perennial.Architecture.Tests;

public sealed class SliceTests
{
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;

    public static TheoryData<string> Projects => [.. Repository.Projects.Where(project => project.IsProduct).Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_folders_of_a_project_form_no_cycle(string name) =>
        Finding.AssertNone(Cycles(Load(Repository.Projects.Single(project => project.Name == name)), name));

    [Fact]
    public void A_cycle_is_found()
    {
        var architecture = new ArchLoader().LoadAssembly(typeof(SliceTests).Assembly).Build();
        Assert.Single(Cycles(architecture, "Perennial.Architecture.Tests.Cyclic"));
        Assert.Empty(Cycles(architecture, "Perennial.Architecture.Tests.Rules"));
    }

    private static IEnumerable<Finding> Cycles(ArchUnitNET.Domain.Architecture architecture, string project) =>
        from result in SliceRuleDefinition.Slices().Matching($"{project}.(*)").Should().BeFreeOfCycles().Evaluate(architecture)
        where !result.Passed
        select new Finding(project, 0, result.Description, "move the type that both need into the folder that owns it");

    private static ArchUnitNET.Domain.Architecture Load(ProjectFile project)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "bin", project.Name, Configuration);
        return new ArchLoader().LoadFilteredDirectory(folder, $"{project.AssemblyName}.dll", SearchOption.TopDirectoryOnly).Build();
    }
}

using Perennial.Architecture.Tests.Rules;

namespace Perennial.Architecture.Tests;

public sealed class RefusalTests
{
    private static readonly Dictionary<string, string> ThePages = ReadPages();

    [Fact]
    public void Every_refusal_number_is_declared_once() => Finding.AssertNone(RefusalRules.DeclaredTwice(Repository.Product));

    [Fact]
    public void Every_refusal_has_a_page() => Finding.AssertNone(RefusalRules.WithoutPage(Repository.Product, ThePages));

    [Fact]
    public void Every_refusal_page_is_unique() => Finding.AssertNone(RefusalRules.Pages(ThePages));

    [Theory]
    [InlineData("static RefusalReason A { get; } = new(2001, \"a\"); static RefusalReason B { get; } = new(2002, \"b\");", 0)]
    [InlineData("static RefusalReason A { get; } = new(2001, \"a\"); static RefusalReason B { get; } = new(2001, \"b\");", 1)]
    [InlineData("static readonly RefusalReason A = new(2001, \"a\"); object B = new RefusalReason(2001, \"b\");", 1)]
    [InlineData("static Other A { get; } = new(2001); static Other B { get; } = new(2001);", 0)]
    public void A_number_declared_twice_is_found(string members, int expected) =>
        Assert.Equal(expected, RefusalRules.DeclaredTwice([Sample.Of($"static class A {{ {members} }}")]).Count());

    [Theory]
    [InlineData("# 2001 old\n\nIt is old.\nMake another.\n", 0)]
    [InlineData("# 2001 old\n\nIt is old.\n", 1)]
    [InlineData("# 2001 stale\n\nIt is old.\nMake another.\n", 1)]
    [InlineData("", 3)]
    public void A_number_without_its_page_is_found(string page, int expected)
    {
        var source = Sample.Of("static class A { static RefusalReason A { get; } = new(2001, \"old\", \"It is old.\", \"Make another.\"); }");
        Assert.Equal(expected, RefusalRules.WithoutPage([source], new Dictionary<string, string> { ["2001.md"] = page }).Count());
    }

    [Fact]
    public void A_page_misnamed_or_doubled_is_found()
    {
        Assert.Empty(RefusalRules.Pages(new Dictionary<string, string> { ["2001.md"] = "# a", ["2002.md"] = "# b" }));
        Assert.Single(RefusalRules.Pages(new Dictionary<string, string> { ["2001.md"] = "# a", ["2002.md"] = "# a" }));
        Assert.Single(RefusalRules.Pages(new Dictionary<string, string> { ["expired.md"] = "# a" }));
    }

    private static Dictionary<string, string> ReadPages()
    {
        var folder = Path.Combine(Repository.Root, "docs", "refusals");
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).ToDictionary(path => Path.GetFileName(path), File.ReadAllText, StringComparer.Ordinal)
            : [];
    }
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Presence.AspNetCore;
using Presence.Tests.Client;

namespace Presence.Tests.AspNetCore;

public sealed class PresenceActivityTests : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(65);

    private readonly FakeTimeProvider _time = Some.Clock();
    private readonly Server _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void InsideTheWindowNothingIsQueued()
    {
        using var services = Some.Services(_server, _time);
        var (activity, queue) = Of(services);

        for (var i = 0; i < 65; i++)
        {
            activity.Record("alice");
            _time.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        }

        Assert.Equal(["alice"], Queued(queue));
        _time.Advance(TimeSpan.FromSeconds(1));
        activity.Record("alice");
        Assert.Equal(["alice"], Queued(queue));
    }

    [Fact]
    public void EachUserHasAWindowOfItsOwn()
    {
        using var services = Some.Services(_server, _time);
        var (activity, queue) = Of(services);

        foreach (var id in (string[])["alice", "bob", "alice", "Alice", "anon:alice"])
        {
            activity.Record(id);
        }

        Assert.Equal(["alice", "bob", "Alice", "anon:alice"], Queued(queue));
    }

    [Fact]
    public void TheLastRequestOfAUserWhoStopsIsToldWhenTheWindowEnds()
    {
        using var services = Some.Services(_server, _time);
        var (activity, queue) = Of(services);
        activity.Record("alice");
        activity.Record("bob");
        Queued(queue);
        _time.Advance(TimeSpan.FromSeconds(40));
        activity.Record("alice");

        activity.QueueHeld();
        Assert.Empty(Queued(queue));
        _time.Advance(TimeSpan.FromSeconds(25));
        activity.QueueHeld();

        var held = Assert.Single(queue.Take());
        Assert.Equal(("alice", TimeSpan.FromSeconds(25)), (held.UserId, _time.GetElapsedTime(held.LatestAt)));
        activity.QueueHeld();
        Assert.Empty(Queued(queue));
    }

    [Fact]
    public void WhoHasGoneQuietIsForgotten()
    {
        using var services = Some.Services(_server, _time);
        var (activity, queue) = Of(services);
        activity.Record("alice");
        Assert.Equal(1, activity.Users);

        _time.Advance(Window);
        activity.QueueHeld();

        Assert.Equal(0, activity.Users);
        activity.Record("alice");
        Assert.Equal(["alice", "alice"], Queued(queue));
    }

    [Fact]
    public void MemoryIsBoundedAndWhoIsBeyondIsToldAllTheSame()
    {
        using var services = Some.Services(_server, _time, options => (options.MaxUsers, options.QueueCapacity) = (2, 200));
        var (activity, queue) = Of(services);

        foreach (var id in (string[])["a", "b", "c", "c"])
        {
            activity.Record(id);
        }

        Assert.Equal(2, activity.Users);
        Assert.Equal(["a", "b", "c", "c"], Queued(queue));
        for (var i = 0; i < 1_000; i++)
        {
            activity.Record($"user-{i}");
        }

        Assert.Equal((2, 200), (activity.Users, queue.Count));
    }

    [Fact]
    public void OfTooManyTheOldestIsDroppedCountedAndQueuedAgainWithItsNextRequest()
    {
        using var services = Some.Services(_server, _time, options => options.QueueCapacity = 200);
        using var dropped = new MetricCollector<long>(services.GetRequiredService<IMeterFactory>(), "Presence.AspNetCore", "presence.client.entries");
        var (activity, queue) = Of(services);

        for (var i = 0; i < 201; i++)
        {
            activity.Record($"user-{i}");
        }

        Assert.Equal(("dropped", 1), (Assert.Single(dropped.GetMeasurementSnapshot()).Tags["outcome"], dropped.LastMeasurement!.Value));
        Assert.DoesNotContain("user-0", Queued(queue));
        activity.Record("user-0");
        activity.Record("user-1");
        Assert.Equal(["user-0"], Queued(queue));
    }

    [Theory, InlineData(""), InlineData(null), InlineData("129")]
    public void WhatCannotBeAnIdIsCountedAndNothingElse(string? id)
    {
        using var services = Some.Services(_server, _time);
        using var requests = new MetricCollector<long>(services.GetRequiredService<IMeterFactory>(), "Presence.AspNetCore", "presence.client.requests");
        var (activity, queue) = Of(services);

        activity.Record(id == "129" ? new string('a', 129) : id!);

        Assert.Equal(("invalid", 0), (requests.LastMeasurement!.Tags["outcome"], queue.Count));
    }

    [Fact]
    public void ManyAtOnceQueueAUserOnce()
    {
        using var services = Some.Services(_server, TimeProvider.System);
        var (activity, queue) = Of(services);

        Parallel.For(0, 10_000, i => activity.Record($"user-{i % 10}"));

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"user-{i}"), Queued(queue).Order());
    }

    [Fact]
    public void InsideTheWindowARequestCostsNoMemory()
    {
        using var services = Some.Services(_server, TimeProvider.System);
        var middleware = new PresenceMiddleware(
            _ => Task.CompletedTask, services.GetRequiredService<PresenceActivity>(), services.GetRequiredService<IOptions<PresenceActivityOptions>>(),
            NullLogger<PresenceMiddleware>.Instance);
        var request = Some.Request(("iss", "https://login.test"), ("aud", "app"), ("sub", "alice"));
        for (var i = 0; i < 1_000; i++)
        {
            middleware.InvokeAsync(request);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            middleware.InvokeAsync(request);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static (PresenceActivity, ActivityQueue) Of(ServiceProvider services) =>
        (services.GetRequiredService<PresenceActivity>(), services.GetRequiredService<ActivityQueue>());

    private static List<string> Queued(ActivityQueue queue)
    {
        var ids = new List<string>();
        while (queue.Take() is { Count: > 0 } batch)
        {
            ids.AddRange(batch.Select(pending => pending.UserId));
        }

        return ids;
    }
}

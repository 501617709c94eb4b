import asyncio

from shards import read


async def main():
    async with asyncio.TaskGroup() as group:
        for name in ("a.txt", "b.txt"):
            group.create_task(read(name))


asyncio.run(main())
